import {
  deriveId,
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type OperationKind,
} from '@alfa-cloud/contracts';
import {
  handleCommand,
  type Cause,
  type EventStore,
  type Handled,
  type OperationDefinition,
  type Step,
} from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { causeOf } from '../operations/cause.ts';
import { acceptAndRun, isOperationUnderWay, operationIdOf, type OperationDeps } from './accept-and-run.ts';
import { clientDecider, type ClientCommand, type ClientFact, type ClientState } from './client.ts';
import type { ClientOnServer } from './client-on-server.ts';

/** Commands whose operation has the client for itself. */
export type ClientActionName =
  | 'RebootClient'
  | 'EnableMaintenance'
  | 'DisableMaintenance'
  | 'EnableDemo'
  | 'DisableDemo'
  | 'SetOwnerPassword'
  | 'CountUsers';

/** What came of an operation that went well. */
export interface Outcome {
  fact: ClientFact | null;
  /** Added to the operation's result. */
  result?: Record<string, unknown>;
}

export interface ClientAction<Name extends ClientActionName> {
  kind: OperationKind;
  /** The secret that the command brings, sealed for the transport. */
  secretOf?(data: CommandData<Name>): string;
  steps(run: ActionRun<Name>): readonly Step<ClientOnServer>[];
  /** May be asked twice after a crash; also when the fact was recorded then. */
  outcome(client: ClientOnServer, run: ActionRun<Name>): Promise<Outcome>;
}

/** One run of an action. */
export interface ActionRun<Name extends ClientActionName> {
  data: CommandData<Name>;
  operationId: string;
  cause: Cause;
}

/**
 * Handler of one kind of operation on an active client: begins it on the client's stream, where the expected revision lets only one begin,
 * carries it out, and ends it there with the fact that it has brought about. What was decided once is never decided again.
 */
export const clientOperationHandler = <Name extends ClientActionName>(
  deps: OperationDeps,
  action: ClientAction<Name>,
): CommandHandler<Name> => ({
  async handle(delivery) {
    const command: Command<CommandData<Name>, Name> = delivery.command;
    const { clientId } = command.data;
    const cause = causeOf(command);
    const operationId = operationIdOf(command);
    const secret = action.secretOf?.(command.data);
    const { state } = await decideOnClient(deps.store, {
      clientId,
      operationId,
      place: 'begin',
      cause,
      command: {
        type: 'begin_operation',
        operationId,
        kind: action.kind,
        ...(secret === undefined ? {} : { sealed: await resealed(deps.vault, clientId, secret) }),
      },
    });
    if (state.status === 'absent') throw new Error(`Client ${clientId} has begun an operation and is absent`);
    const { serverId } = state.client;
    const definition = definitionOf(deps.store, action, { data: command.data, operationId, cause });
    await acceptAndRun(deps, delivery, { clientId, serverId, definition });
    // An operation that was given up has not told the client of its end.
    await endOnClient(deps.store, { clientId, operationId, cause });
  },
  isUnderWay: isOperationUnderWay(deps.store),
});

const definitionOf = <Name extends ClientActionName>(
  store: EventStore,
  action: ClientAction<Name>,
  run: ActionRun<Name>,
): OperationDefinition<ClientOnServer> => ({
  kind: action.kind,
  steps: action.steps(run),
  async conclude(client, { status }) {
    const { operationId, cause } = run;
    const clientId = client.client.id;
    const place = { clientId, operationId, place: 'end', cause };
    if (status !== 'ok') {
      await decideOnClient(store, { ...place, command: { type: 'end_operation', operationId, status } });
      return {};
    }
    const { fact, result } = await action.outcome(client, run);
    await decideOnClient(store, { ...place, command: { type: 'end_operation', operationId, status, fact } });
    return { clientId, ...result };
  },
});

/** Ends an operation on the client's stream that has not ended there, as failed. */
export const endOnClient = async (
  store: EventStore,
  { clientId, operationId, cause }: { clientId: string; operationId: string; cause: Cause },
): Promise<void> => {
  const command = { type: 'end_operation', operationId, status: 'error' } as const;
  await decideOnClient(store, { clientId, operationId, place: 'end', cause, command });
};

/** One decision of an operation on its client; `place` tells apart the decisions of one operation. */
export const decideOnClient = (
  store: EventStore,
  decision: { clientId: string; operationId: string; place: string; cause: Cause; command: ClientCommand },
): Promise<Handled<ClientState, ClientEvent>> =>
  handleCommand(store, {
    stream: streams.client(decision.clientId),
    decider: clientDecider,
    command: decision.command,
    cause: decision.cause,
    eventIds: (index) => deriveId(decision.operationId, 'client', decision.place, index),
  });

/** A secret under the client's own key instead of the transport's. */
const resealed = async (vault: Vault, clientId: string, secret: string): Promise<string> => {
  const scope = `client.${clientId}` as const;
  await vault.ensureKey(scope);
  return vault.seal(scope, await vault.open(secret));
};
