import type { OperationProgress } from '@alfa-cloud/contracts';
import type { StoredPlan } from './project-operation.ts';

/** Where the children of an operation over many clients stand. Durations in ms. */
export interface ChildrenStand {
  done: number;
  failed: number;
  /** How long each of those that run has been running, longest first. */
  runningForMs: readonly number[];
  /** Of children that have ended, else of earlier operations of their kind; null when there are none. */
  medianMs: number | null;
  /** No further child will begin. */
  hasEnded: boolean;
}

/**
 * Progress of an operation over many clients. Pure.
 * @param plan null before it has planned
 * @param skippedMax clients left out that are told at most
 */
export const progressOf = (
  plan: StoredPlan | null,
  stand: ChildrenStand,
  skippedMax: number,
): OperationProgress => {
  const { done, failed, runningForMs } = stand;
  return {
    total: plan?.total ?? 0,
    done,
    failed,
    running: runningForMs.length,
    skippedTotal: plan?.skipped.length ?? 0,
    skipped: plan?.skipped.slice(0, skippedMax) ?? [],
    etaSeconds: plan === null ? null : etaSeconds(plan, stand),
  };
};

/** First those that go one at a time, then as many at once as a wave holds; what runs already needs only the rest of its time. */
const etaSeconds = (
  { total, canary, waveSize }: StoredPlan,
  { done, runningForMs, medianMs, hasEnded }: ChildrenStand,
): number | null => {
  const left = total - done;
  if (hasEnded || left <= 0 || medianMs === null) return null;
  const oneAtATime = Math.min(left, Math.max(0, canary - done));
  const inWaves = left - oneAtATime;
  const spentMs = runningForMs.map((ms) => Math.min(ms, medianMs));
  const spentOneAtATime = sum(spentMs.slice(0, oneAtATime));
  const spentInWaves = sum(spentMs.slice(oneAtATime));
  const wavesMs = inWaves === 0 ? 0 : (inWaves * medianMs - spentInWaves) / Math.min(waveSize, inWaves);
  return Math.ceil((oneAtATime * medianMs - spentOneAtATime + wavesMs) / 1000);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
