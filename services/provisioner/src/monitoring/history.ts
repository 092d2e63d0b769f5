import type { MonitoringHistory, MonitoringSeries } from '@alfa-cloud/contracts';
import { metricsOf, type SubjectKind } from './metrics.ts';
import type { HistoryPlan } from './resolution.ts';
import { mergedAll, type Summaries, type Summary } from './summary.ts';

/** What is stored of one subject, in the order of time. */
export interface StoredSubject {
  kind: SubjectKind;
  name: string;
  rows: Iterable<{ at: number; summaries: Summaries }>;
}

/** Rows put together step by step; a step in which nothing was measured is null, never 0. Pure. */
export const historyOf = (plan: HistoryPlan, subjects: readonly StoredSubject[]): MonitoringHistory => {
  const { from, to, stepMs } = plan;
  const steps = Math.round((to - from) / stepMs);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepSeconds: stepMs / 1000,
    at: Array.from({ length: steps }, (_, index) => new Date(from + index * stepMs).toISOString()),
    series: subjects.flatMap((subject) => seriesOf(subject, stepsOf(plan, steps, subject.rows))),
  };
};

const stepsOf = (
  { from, stepMs }: HistoryPlan,
  steps: number,
  rows: StoredSubject['rows'],
): (Summaries | null)[] => {
  const found: (Summaries | null)[] = Array.from({ length: steps }, () => null);
  for (const { at, summaries } of rows) {
    const index = Math.floor((at - from) / stepMs);
    if (index < 0 || index >= steps) continue;
    const known = found[index] ?? null;
    found[index] = known === null ? summaries : mergedAll(known, summaries);
  }
  return found;
};

const seriesOf = ({ kind, name }: StoredSubject, steps: readonly (Summaries | null)[]): MonitoringSeries[] =>
  metricsOf[kind].map((metric, index) => {
    const line = (read: (summary: Summary) => number) =>
      steps.map((summaries) => {
        const summary = summaries?.[index] ?? null;
        return summary === null ? null : sevenDigits(read(summary));
      });
    return {
      of: kind,
      about: kind === 'server' ? null : name,
      metric,
      min: line(({ min }) => min),
      avg: line(({ avg }) => avg),
      max: line(({ max }) => max),
    };
  });

/** More is not stored. */
const sevenDigits = (value: number): number => Number(value.toPrecision(7));
