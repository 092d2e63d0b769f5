import {
  message,
  reasonOf,
  streams,
  type BranchRole,
  type BuildEvent,
  type OperationEvent,
} from '@alfa-cloud/contracts';
import { eventIdsFor, fold, handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { foldOperation, ownCause } from '@alfa-cloud/operations';
import { sleep, type Clock } from '@alfa-cloud/service-kit';
import { buildsDecider, type BuildCommand, type Builds } from './builds.ts';

export const loadBuilds = async (store: EventStore, role: BranchRole): Promise<Builds> => {
  const { events } = await store.read<BuildEvent>(streams.builds(role));
  return fold(buildsDecider(role), events);
};

/**
 * Decides on the builds of a branch and records it, once for each cause and type of command.
 * @throws Rejection `operation_in_progress`
 */
export const decideOnBuilds = (
  store: EventStore,
  role: BranchRole,
  { command, cause }: { command: BuildCommand; cause: Cause },
) =>
  handleCommand(store, {
    stream: streams.builds(role),
    decider: buildsDecider(role),
    command,
    cause,
    eventIds: eventIdsFor(cause.commandId, 'build', command.type),
  });

/** The running build ends, and the queued one goes, when its operation has ended: a worker may have given that up without concluding it. */
export const endAbandonedBuild = async (store: EventStore, role: BranchRole, cause: Cause): Promise<void> => {
  const { running, queued } = await loadBuilds(store, role);
  for (const build of [running, queued]) {
    if (build === null) continue;
    const { operationId } = build;
    const { events } = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(events).status !== 'ended') continue;
    const words = reasonOf(message`The operation was given up before it could tell how the build ended`);
    const failed = { type: 'fail', operationId, cause: { code: 'abandoned', ...words, step: null } } as const;
    await decideOnBuilds(store, role, { command: failed, cause: build === running ? cause : ownCause() });
  }
};

const lookAgainMs = 2000;
/** Of so many looks one asks whether the running build was given up: its operation, which has much output, is read for that. */
const looksPerCheck = 30;

/**
 * Waits for the turn of a build that was queued, and begins it then; one that has begun has it. The running one ends within the deadlines of its
 * steps, so this wait has none of its own. One that is cancelled meanwhile leaves its place at once: a push that comes then would be taken for a
 * part of it, and never be built.
 */
export const untilTurn = async (
  { store, clock }: { store: EventStore; clock: Clock },
  {
    operationId,
    role,
    cause,
    signal,
  }: { operationId: string; role: BranchRole; cause: Cause; signal: AbortSignal },
): Promise<void> => {
  for (let looks = 0; ; looks += 1) {
    const { running, queued } = await loadBuilds(store, role);
    if (queued?.operationId !== operationId) return;
    if (await isCancelled(store, operationId)) {
      await decideOnBuilds(store, role, { command: { type: 'cancel', operationId }, cause });
    } else if (running === null) {
      const turn = { type: 'take_turn', operationId, startedAt: clock().toISOString() } as const;
      await decideOnBuilds(store, role, { command: turn, cause });
    } else {
      if (looks % looksPerCheck === 0) await endAbandonedBuild(store, role, ownCause());
      await sleep(lookAgainMs, signal);
    }
  }
};

const isCancelled = async (store: EventStore, operationId: string): Promise<boolean> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const operation = foldOperation(events);
  return operation.status === 'open' && operation.cancelRequested;
};
