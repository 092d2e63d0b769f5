import {
  deriveId,
  joined,
  message,
  messageInWords,
  messageOf,
  streams,
  type BulkPlanView,
} from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';
import type { StepWork } from '../execution/implementation.ts';
import { StepFailure, type PlannedChildren } from '../operation/operation.ts';
import type { BulkRun } from './bulk-run.ts';
import { partStep, type Part } from './part-step.ts';
import { countsOf, storyOf } from './progress.ts';

/** Names of the steps that every operation over many clients has. */
const own = ['plan', 'canary', 'waves', 'results'] as const;
export type OwnStep = (typeof own)[number];
export const ownSteps: ReadonlySet<string> = new Set(own);

/**
 * The steps of an operation over many clients. The clients are decided on once; the state of each child is in its own stream. After a crash
 * the children under way are ended first, then the others are begun.
 * A cancel or too many failures begin no further one; nothing of what the children did is taken back.
 * @param common what is done for all clients together, after the last wave
 */
export const bulkSteps = <ChildData, Common extends string = never>(
  run: BulkRun<ChildData>,
  { canary, common }: { canary: number | undefined; common: Readonly<Record<Common, StepWork<null>>> },
): Readonly<Record<OwnStep | Common, StepWork<null>>> => ({
  plan: planStep(run),
  canary: { ...partStep(run, 'canary', firstOnes), skip: () => canary === 0 },
  waves: partStep(run, 'waves', theOthers),
  ...common,
  results: resultsStep(run),
});

const firstOnes = ({ children, canary }: PlannedChildren): Part => ({
  children: children.slice(0, canary),
  size: 1,
  stopAfter: 1,
});

const theOthers = ({ children, canary, waveSize, stopAfter }: PlannedChildren): Part => ({
  children: children.slice(canary),
  size: waveSize,
  stopAfter,
});

const planMs = 120_000;

const planStep = (run: BulkRun): StepWork<null> => ({
  deadlineMs: planMs,
  attempts: 8,
  probe: async () => (await run.recordedPlan()) !== null,
  async act(_context, { operationId, signal, plan }) {
    const { clients, skipped, obstacles, canary, waveSize, stopAfter } = await planNow(run, signal);
    const [obstacle] = obstacles;
    if (obstacle !== undefined) throw new StepFailure('final', obstacle.code, messageOf(obstacle));
    await plan({
      children: clients.map(({ clientId, targetServer }) => ({
        clientId,
        operationId: deriveId(operationId, clientId),
        ...(targetServer === undefined ? {} : { targetServer }),
      })),
      skipped: skipped.map(withoutSlug),
      canary,
      waveSize,
      stopAfter,
    });
    return `Clients: ${clients.length}, left out: ${skipped.length}`;
  },
});

const withoutSlug = (skipped: BulkPlanView['skipped'][number]): PlannedChildren['skipped'][number] => {
  const { slug: _, ...left } = skipped;
  return left;
};

const planNow = async (
  { store, execution, planFrom }: BulkRun,
  signal: AbortSignal,
): Promise<BulkPlanView> => {
  const { events } = await store.read(streams.operation(execution.operationId));
  try {
    return await planFrom(events[0]?.position ?? null, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (errorName(error) === 'EventStoreUnavailable') throw error;
    const reason = message`The clients could not be listed yet: the read models do not answer, or are behind`;
    throw new StepFailure('transient', 'read_models_behind', reason, { cause: error });
  }
};

/** Judges, when all that was begun has ended. A step of its own, so that a cancel request which came during the last wave is heeded before. */
const resultsStep = (run: BulkRun): StepWork<null> => ({
  deadlineMs: planMs,
  async act() {
    const plan = await run.plan();
    const now = await run.standings(plan);
    const { total, ok, failed, skipped, notBegun } = countsOf(plan, now);
    const sentence = message`Clients: ${total}, ok: ${ok}, failed: ${failed}, not begun: ${notBegun}, left out: ${skipped}`;
    if (failed === 0) return messageInWords('en', sentence);
    const code = failed >= plan.stopAfter && notBegun > 0 ? 'too_many_failures' : 'children_failed';
    const story = await storyOf(plan, now, run.nameOf);
    throw new StepFailure('final', code, joined([sentence, story], '. '));
  },
});

/** How many clients ended how. */
export const bulkCounts = async (run: BulkRun): Promise<ReturnType<typeof countsOf>> => {
  const plan = await run.plan();
  return countsOf(plan, await run.standings(plan));
};
