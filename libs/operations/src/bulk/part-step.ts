import { message, messageInWords } from '@alfa-cloud/contracts';
import type { StepWork } from '../execution/implementation.ts';
import { StepFailure, type PlannedChildren, type StepIo } from '../operation/operation.ts';
import type { BulkRun } from './bulk-run.ts';
import { runChild, type Child, type Standing } from './child.ts';
import { lineOf, Progress, storyOf } from './progress.ts';
import { inWaves } from './waves.ts';

/** Children that one step begins. */
export interface Part {
  children: readonly Child[];
  /** At the same time. */
  size: number;
  /** Failures among all children after which none is begun. */
  stopAfter: number;
}

/** Not a bound that is ever met: each child has deadlines of its own. */
const partMs = 7 * 24 * 60 * 60 * 1000;
/** Heartbeat interval. */
const signMs = 60_000;

/** A step that brings children under way to their ends and begins those of its part. */
export const partStep = <ChildData>(
  run: BulkRun<ChildData>,
  name: 'canary' | 'waves',
  partOf: (plan: PlannedChildren) => Part,
): StepWork<null> => ({
  deadlineMs: partMs,
  quietMs: 3 * signMs,
  runsOperations: true,
  async act(_context, io) {
    const plan = await run.plan();
    const progress = await goOn(run, plan, partOf(plan), io);
    if (name === 'canary' && progress.failed > 0) {
      const story = await storyOf(plan, await run.standings(plan), run.nameOf);
      const words = message`The first failed, so no other was begun: ${story}`;
      throw new StepFailure('final', 'canary_failed', words);
    }
    return progress.sentence();
  },
  async compensate(_context, io) {
    const plan = await run.recordedPlan();
    if (plan === null) return undefined;
    const nothing: Part = { children: [], size: plan.waveSize, stopAfter: 0 };
    return (await goOn(run, plan, nothing, io)).sentence();
  },
});

const goOn = async <ChildData>(
  run: BulkRun<ChildData>,
  plan: PlannedChildren,
  part: Part,
  io: StepIo,
): Promise<Progress> => {
  const before = await run.standings(plan);
  const standingOf = new Map(plan.children.map((child, index) => [child.operationId, before[index]]));
  const stands = (status: Standing['status']) => (child: Child) =>
    standingOf.get(child.operationId)?.status === status;
  const progress = new Progress(plan, before);
  const isWanted = async () => progress.failed < part.stopAfter && !(await io.isCancelRequested());
  const work = (mayWait: () => Promise<boolean>) => async (child: Child, signal: AbortSignal) => {
    progress.running += 1;
    const end = await runChild(run, run.child, executionOfChild(run, child, signal), mayWait);
    progress.running -= 1;
    if (end === null) return;
    progress.note(end);
    const line = messageInWords('en', await lineOf(child, end, run.nameOf));
    io.output(`${line} · ${progress.sentence()}\n`);
  };
  // Others know by these lines that the worker lives, however long one client takes.
  const signs = setInterval(() => io.output(`${progress.sentence()}\n`), signMs);
  const { signal } = io;
  const always = async () => true;
  try {
    const underWay = plan.children.filter(stands('under_way'));
    await inWaves({ items: underWay, size: plan.waveSize, mayBegin: always, work: work(always), signal });
    const waiting = part.children.filter(stands('waiting'));
    await inWaves({ items: waiting, size: part.size, mayBegin: isWanted, work: work(isWanted), signal });
  } finally {
    clearInterval(signs);
  }
  return progress;
};

const executionOfChild = <ChildData>(
  { execution: { operationId: parentId, command, cause }, dataOf }: BulkRun<ChildData>,
  child: Child,
  signal: AbortSignal,
) => ({ data: dataOf(child), operationId: child.operationId, parentId, command, cause, signal });
