import { alertCodes } from '@alfa-cloud/contracts';
import type { Metrics } from '@alfa-cloud/service-kit';
import type { Applied } from '../read-models/read-models.ts';

/** What the projector measures. */
export interface ProjectorMetrics {
  projected(applied: Applied): void;
  /** Age of the newest event projected, while catching up; 0 when live. */
  behind(seconds: number): void;
  unknown(): void;
  rebuilt(): void;
  /** How many alerts are raised, by their codes. */
  alerts(open: ReadonlyMap<string, number>): void;
  queried(query: string, seconds: number, outcome: 'ok' | 'stale' | 'failed'): void;
}

export const projectorMetrics = (metrics: Metrics): ProjectorMetrics => {
  const events = metrics.counter('alfa_projector_events_total', 'Events taken in', ['outcome']);
  const behind = metrics.gauge(
    'alfa_projector_lag_seconds',
    'Age of the newest event projected while catching up, 0 when live',
  );
  const rebuilds = metrics.counter('alfa_projector_rebuilds_total', 'Times the read models were begun anew');
  const alerts = metrics.gauge('alfa_projector_alerts', 'Alerts that are raised', ['code']);
  const queries = metrics.histogram(
    'alfa_projector_query_seconds',
    'Time to answer a query, waiting for its position included',
    ['query', 'outcome'],
  );
  return {
    projected({ projected, ignored }) {
      if (projected > 0) events.inc({ outcome: 'projected' }, projected);
      if (ignored > 0) events.inc({ outcome: 'ignored' }, ignored);
    },
    behind: (seconds) => behind.set(seconds),
    unknown: () => events.inc({ outcome: 'ignored' }),
    rebuilt: () => rebuilds.inc(),
    alerts(open) {
      for (const code of alertCodes) alerts.set({ code }, open.get(code) ?? 0);
    },
    queried: (query, seconds, outcome) => queries.observe({ query, outcome }, seconds),
  };
};
