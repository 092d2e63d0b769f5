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

/**
 * Waits for the turn of a build that was queued, and begins it then; one that has begun has it. The running one ends within the deadlines of its
 * steps, so this wait has none of its own.
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
  for (;;) {
    const { running, queued } = await loadBuilds(store, role);
    if (queued?.operationId !== operationId) return;
    if (running === null) {
      const turn = { type: 'take_turn', operationId, startedAt: clock().toISOString() } as const;
      await decideOnBuilds(store, role, { command: turn, cause });
    } else await sleep(lookAgainMs, signal);
  }
};
