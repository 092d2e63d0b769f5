import {
  deriveId,
  streams,
  type BulkRequest,
  type Command,
  type OperationEvent,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  acceptOperation,
  causeOf,
  type OperationDefinition,
  type OperationEnd,
  type PlannedChildren,
  plannedChildrenIn,
  type Step,
  StepFailure,
  type StepIo,
  withoutLastLines,
} from '@alfa-cloud/operations';
import type { QuerySender } from '@alfa-cloud/messaging';
import { errorName } from '@alfa-cloud/service-kit';
import type { OperationDeps } from '../operations/common/accept-and-run.ts';
import { loadClient } from '../domain/load.ts';
import {
  defaultChildPace,
  standingsOf,
  type Child,
  type ChildPace,
  type ChildWork,
  type Standing,
} from './children.ts';
import { planBulk } from './look-around.ts';
import { endBulk } from './under-way.ts';
import { inWaves } from './waves.ts';

export interface BulkDeps extends OperationDeps {
  queries: QuerySender;
  /** The particulars of an operation that is asked for. */
  bulkOf(request: BulkRequest): Bulk;
  /** Default {@link defaultChildPace}. */
  childPace?: ChildPace;
}

/** What is particular to one operation over many clients. */
export interface Bulk {
  /** Takes one of its children to its end; see {@link runChild}. */
  runOn(child: Child, work: ChildWork): Promise<OperationEnd | null>;
  /** Steps between the last wave and the end. */
  afterwards?(children: () => Promise<readonly Child[]>): readonly Step<null>[];
}

export interface BulkRun {
  request: BulkRequest;
  operationId: string;
  command: Command;
  signal: AbortSignal;
}

/** Not a bound that is ever met: each child has deadlines of its own. */
const wavesMs = 7 * 24 * 60 * 60 * 1000;
/** From one sign of life to the next. */
const signMs = 60_000;
const planMs = 120_000;
/** Failures told in the reason of the end. */
const failuresTold = 5;

/** Makes the operation known. Idempotent. */
export const acceptBulk = (
  store: EventStore,
  { request, operationId, command }: BulkRun,
  steps: readonly Step<null>[],
  retryOf: string | undefined,
) => {
  const { serverId } = request.data;
  return acceptOperation(store, {
    operationId,
    kind: request.kind,
    target: serverId === undefined ? { type: 'none', id: null } : { type: 'server', id: serverId },
    steps: steps.map(({ name }) => name),
    parameters: { ...request.data },
    cause: causeOf(command),
    ...(retryOf === undefined ? {} : { retryOf }),
  });
};

/**
 * The steps of an operation over many clients. Who they are is decided once; where each one stands says its own stream, so after a crash
 * those under way are brought to their ends first, whatever has happened since, and then the others are begun.
 * A cancel or too many failures begin no further one; nothing of what the children did is taken back.
 */
export const bulkOperation = (deps: BulkDeps, run: BulkRun): OperationDefinition<null> => {
  const { store } = deps;
  const bulk = deps.bulkOf(run.request);
  const plan = () => planOf(store, run.operationId);
  const running = runningStep(deps, bulk, run);
  return {
    kind: run.request.kind,
    steps: [
      planStep(deps, run),
      {
        ...running('canary', async (planned) => ({
          children: planned.children.slice(0, planned.canary),
          size: 1,
          stopAfter: 1,
        })),
        skip: () => run.request.data.canary === 0,
      },
      running('waves', async (planned) => ({
        children: planned.children.slice(planned.canary),
        size: planned.waveSize,
        stopAfter: planned.stopAfter,
      })),
      ...(bulk.afterwards?.(async () => (await plan()).children) ?? []),
      resultsStep(store, run),
    ],
    async conclude(_context, { status }) {
      // Before the end is seen: who waits for it may begin the next one at once.
      await endBulk(store, run.request.kind, run.operationId, causeOf(run.command));
      return status === 'ok' ? { ...countsOf(await plan(), await standings(store, await plan())) } : {};
    },
  };
};

const planOf = async (store: EventStore, operationId: string): Promise<PlannedChildren> => {
  const plan = await recordedPlan(store, operationId);
  if (plan === null) throw new Error(`Operation ${operationId} has decided on no clients`);
  return plan;
};

const recordedPlan = async (store: EventStore, operationId: string): Promise<PlannedChildren | null> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  return plannedChildrenIn(events);
};

const planStep = (
  deps: BulkDeps,
  { request, operationId }: Pick<BulkRun, 'request' | 'operationId'>,
): Step<null> => ({
  name: 'plan',
  deadlineMs: planMs,
  attempts: 8,
  probe: async () => (await recordedPlan(deps.store, operationId)) !== null,
  async act(_context, { signal, plan }) {
    const { clients, skipped, obstacles, canary, waveSize, stopAfter } = await lookAround(
      deps,
      request,
      operationId,
      signal,
    );
    const [obstacle] = obstacles;
    if (obstacle !== undefined) throw new StepFailure('final', obstacle.code, obstacle.reason);
    await plan({
      children: clients.map(({ clientId }) => ({ clientId, operationId: deriveId(operationId, clientId) })),
      skipped: skipped.map(({ clientId, code, reason }) => ({ clientId, code, reason })),
      canary,
      waveSize,
      stopAfter,
    });
    return `Clients: ${clients.length}, left out: ${skipped.length}`;
  },
});

const lookAround = async (deps: BulkDeps, request: BulkRequest, operationId: string, signal: AbortSignal) => {
  const { events } = await deps.store.read(streams.operation(operationId));
  try {
    return await planBulk(deps, request, events[0]?.position ?? null, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (errorName(error) === 'EventStoreUnavailable') throw error;
    const reason = 'The clients could not be listed yet: the read models do not answer, or are behind';
    throw new StepFailure('transient', 'read_models_behind', reason, { cause: error });
  }
};

interface Part {
  children: readonly Child[];
  size: number;
  /** Failures among all children after which none is begun. */
  stopAfter: number;
}

/** A step that brings children under way to their ends and begins those of its part. */
const runningStep =
  (deps: BulkDeps, bulk: Bulk, run: BulkRun) =>
  (name: 'canary' | 'waves', partOf: (plan: PlannedChildren) => Promise<Part>): Step<null> => ({
    name,
    deadlineMs: wavesMs,
    quietMs: 3 * signMs,
    runsOperations: true,
    async act(_context, io) {
      const plan = await planOf(deps.store, run.operationId);
      const part = await partOf(plan);
      const progress = await goOn(deps, bulk, run, { plan, part, io });
      if (name === 'canary' && progress.failed > 0) {
        const story = await storyOf(deps.store, plan, await standings(deps.store, plan));
        throw new StepFailure('final', 'canary_failed', `The first failed, so no other was begun: ${story}`);
      }
      return progress.sentence();
    },
    async compensate(_context, io) {
      const plan = await recordedPlan(deps.store, run.operationId);
      if (plan === null) return undefined;
      const nothing: Part = { children: [], size: plan.waveSize, stopAfter: 0 };
      return (await goOn(deps, bulk, run, { plan, part: nothing, io })).sentence();
    },
  });

const goOn = async (
  deps: BulkDeps,
  bulk: Bulk,
  { operationId, command }: BulkRun,
  { plan, part, io }: { plan: PlannedChildren; part: Part; io: StepIo },
): Promise<Progress> => {
  const before = await standings(deps.store, plan);
  const standingOf = new Map(plan.children.map((child, index) => [child.operationId, before[index]]));
  const stands = (status: Standing['status']) => (child: Child) =>
    standingOf.get(child.operationId)?.status === status;
  const progress = new Progress(plan, before);
  const isWanted = async () => progress.failed < part.stopAfter && !(await io.isCancelRequested());
  const work = (mayWait: () => Promise<boolean>) => async (child: Child, signal: AbortSignal) => {
    progress.running += 1;
    const end = await bulk.runOn(child, {
      deps,
      parentId: operationId,
      command,
      signal,
      pace: deps.childPace ?? defaultChildPace,
      mayWait,
    });
    progress.running -= 1;
    if (end === null) return;
    progress.note(end);
    io.output(`${await lineOf(deps.store, child, end)} · ${progress.sentence()}\n`);
  };
  // Others know by these lines that the worker lives, however long one client takes.
  const signs = setInterval(() => io.output(`${progress.sentence()}\n`), signMs);
  const { signal } = io;
  try {
    await inWaves({
      items: plan.children.filter(stands('under_way')),
      size: plan.waveSize,
      mayBegin: async () => true,
      work: work(async () => true),
      signal,
    });
    await inWaves({
      items: part.children.filter(stands('waiting')),
      size: part.size,
      mayBegin: isWanted,
      work: work(isWanted),
      signal,
    });
  } finally {
    clearInterval(signs);
  }
  return progress;
};

/** How far it has come, as this worker counts. */
class Progress {
  readonly #total: number;
  #done = 0;
  failed = 0;
  running = 0;

  constructor({ children }: PlannedChildren, before: readonly Standing[]) {
    this.#total = children.length;
    for (const standing of before) if (standing.status === 'ended') this.note(standing.end);
  }

  note({ status }: OperationEnd): void {
    this.#done += 1;
    if (status !== 'ok') this.failed += 1;
  }

  sentence(): string {
    return `${this.#done} of ${this.#total} done, ${this.failed} failed, ${this.running} running`;
  }
}

/** Judges, when all that was begun has ended. A step of its own, so that a cancel request which came during the last wave is heeded before. */
const resultsStep = (store: EventStore, { operationId }: Pick<BulkRun, 'operationId'>): Step<null> => ({
  name: 'results',
  deadlineMs: planMs,
  async act() {
    const plan = await planOf(store, operationId);
    const now = await standings(store, plan);
    const { total, ok, failed, skipped, notBegun } = countsOf(plan, now);
    const sentence = `Clients: ${total}, ok: ${ok}, failed: ${failed}, not begun: ${notBegun}, left out: ${skipped}`;
    if (failed === 0) return sentence;
    const code = failed >= plan.stopAfter && notBegun > 0 ? 'too_many_failures' : 'children_failed';
    throw new StepFailure('final', code, `${sentence}. ${await storyOf(store, plan, now)}`);
  },
});

const standings = (store: EventStore, plan: PlannedChildren): Promise<Standing[]> =>
  standingsOf(store, plan.children);

const countsOf = ({ children, skipped }: PlannedChildren, now: readonly Standing[]) => {
  const ends = now.flatMap((standing) => (standing.status === 'ended' ? [standing.end] : []));
  const ok = ends.filter(({ status }) => status === 'ok').length;
  return {
    total: children.length,
    ok,
    failed: ends.length - ok,
    skipped: skipped.length,
    notBegun: children.length - ends.length,
  };
};

/** The first failures in words. */
const storyOf = async (
  store: EventStore,
  { children }: PlannedChildren,
  now: readonly Standing[],
): Promise<string> => {
  const failed = children.flatMap((child, index) => {
    const standing = now[index];
    return standing?.status === 'ended' && standing.end.status !== 'ok' ? [{ child, end: standing.end }] : [];
  });
  const lines = failed.slice(0, failuresTold).map(({ child, end }) => lineOf(store, child, end));
  const more = failed.length > failuresTold ? ` And ${failed.length - failuresTold} more` : '';
  return `${(await Promise.all(lines)).join('; ')}${more}`;
};

const reasonLength = 200;

const lineOf = async (store: EventStore, { clientId }: Child, end: OperationEnd): Promise<string> => {
  const { state } = await loadClient(store, clientId);
  const slug = state.status === 'absent' ? clientId : state.client.slug;
  if (end.status !== 'error') return `${slug}: ${end.status}`;
  // The lines of an output stand in the log of the client's own operation.
  return `${slug}: ${end.cause.code} (${withoutLastLines(end.cause.reason).slice(0, reasonLength)})`;
};
