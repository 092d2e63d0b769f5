import {
  message,
  reasonOf,
  streams,
  type BranchRole,
  type BuildEvent,
  type OperationEvent,
} from '@alfa-cloud/contracts';
import { eventIdsFor, fold, handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { foldOperation } from '@alfa-cloud/operations';
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

/** The running build ends when its operation has: a worker may have given that up without concluding it. */
export const endAbandonedBuild = async (store: EventStore, role: BranchRole, cause: Cause): Promise<void> => {
  const { running } = await loadBuilds(store, role);
  if (running === null) return;
  const { operationId } = running;
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  if (foldOperation(events).status !== 'ended') return;
  const words = reasonOf(message`The operation was given up before it could tell how the build ended`);
  const failed = { type: 'fail', operationId, cause: { code: 'abandoned', ...words, step: null } } as const;
  await decideOnBuilds(store, role, { command: failed, cause });
};
