import {
  deriveId,
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type CommandName,
  type OperationKind,
} from '@alfa-cloud/contracts';
import { fold, handleCommand, type Cause, type EventStore, type Handled } from '@alfa-cloud/event-sourcing';
import { causeOf, type OperationDefinition, type OperationEnd, type Step } from '@alfa-cloud/operations';
import type { CommandHandler } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { acceptAndRun, isOperationUnderWay, operationIdOf, type OperationDeps } from './accept-and-run.ts';
import {
  clientDecider,
  type ActiveClient,
  type ClientCommand,
  type ClientFact,
  type ClientState,
} from '../../domain/client.ts';
import type { FailedClient } from '../../domain/client-state.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { withClientKey } from '../../domain/lost-key.ts';

/** What came of an operation that went well. */
export interface Outcome {
  fact: ClientFact | null;
  /** Added to the operation's result. */
  result?: Record<string, unknown>;
}

/** What every action knows of its client at least. */
export interface ClientData {
  clientId: string;
}

/** One kind of operation that has the client for itself, whether a command asks for it or a larger operation. */
export interface ClientAction<Data extends ClientData> {
  kind: OperationKind;
  /** Everything that speaks against it, before it begins; throws a `Rejection`. Not asked again once it has begun. */
  admit?(data: Data, state: ActiveClient | FailedClient): Promise<void>;
  /** The secret that the command brings, sealed for the transport. */
  secretOf?(data: Data): string;
  /** What is no secret in the command, for a retry. Default: all but the client's id, or nothing when there is a secret. */
  parameters?(data: Data): Record<string, unknown>;
  steps(run: ActionRun<Data>): readonly Step<ClientOnServer>[];
  /** May be asked twice after a crash; also when the fact was recorded then. */
  outcome(client: ClientOnServer, run: ActionRun<Data>): Promise<Outcome>;
  /** What follows the last event of the operation, also after a crash, hence repeatable. */
  afterEnd?(run: ActionRun<Data>, status: OperationEnd['status']): Promise<void>;
}

/** One run of an action. */
export interface ActionRun<Data extends ClientData> {
  data: Data;
  operationId: string;
  cause: Cause;
}

/** An action to be carried out. */
export interface ActionRequest<Data extends ClientData> {
  data: Data;
  operationId: string;
  /** The command behind it. */
  command: Command;
  signal: AbortSignal;
  /** The operation that this one is a part of. */
  parentId?: string;
  /** The operation that this one repeats. */
  retryOf?: string;
  /** Told as soon as the operation is known, again after a crash. */
  accepted?: (ids: Record<string, string>, position: bigint) => Promise<void>;
}

/** Handler of the command that asks for an action. */
export const clientOperationHandler = <Name extends CommandName>(
  deps: OperationDeps,
  action: ClientAction<CommandData<Name> & ClientData>,
): CommandHandler<Name> => ({
  async handle({ command, signal, accepted }) {
    const data = command.data as CommandData<Name> & ClientData;
    await runClientOperation(deps, action, {
      data,
      operationId: operationIdOf(command),
      command,
      signal,
      accepted,
    });
  },
  isUnderWay: isOperationUnderWay(deps.store),
});

/**
 * Begins an action on the client's stream, where the expected revision lets only one begin, carries it out, and ends it there with the fact
 * that it has brought about. What was decided once is never decided again: after a crash the same call goes on, also when the action
 * itself was begun by another decision on the client's stream, under the same operation id.
 * @throws Rejection when something speaks against it · what {@link OperationDeps.run} throws
 */
export const runClientOperation = async <Data extends ClientData>(
  deps: OperationDeps,
  action: ClientAction<Data>,
  request: ActionRequest<Data>,
): Promise<OperationEnd> => {
  const { data, operationId, command, parentId, retryOf } = request;
  const { clientId } = data;
  const run = { data, operationId, cause: causeOf(command) };
  const state = await begun(deps, action, run);
  if (state.status === 'absent') throw new Error(`Client ${clientId} has begun an operation and is absent`);
  const parameters = parametersOf(action, data);
  const end = await acceptAndRun(deps, request, {
    operationId,
    clientId,
    serverId: state.client.serverId,
    definition: definitionOf(deps.store, action, run),
    ...(parentId === undefined ? {} : { parentId }),
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(parameters === undefined ? {} : { parameters }),
  });
  // An operation that was given up has not told the client of its end.
  await endOnClient(deps.store, { clientId, operationId, cause: run.cause });
  await action.afterEnd?.(run, end.status);
  return end;
};

const parametersOf = <Data extends ClientData>(
  action: ClientAction<Data>,
  data: Data,
): Record<string, unknown> | undefined => {
  if (action.parameters !== undefined) return action.parameters(data);
  if (action.secretOf !== undefined) return undefined;
  const { clientId: _, ...parameters } = data;
  return parameters;
};

/** The client's state once the operation has begun on its stream, now or before a crash. */
const begun = async <Data extends ClientData>(
  { store, vault }: OperationDeps,
  action: ClientAction<Data>,
  { data, operationId, cause }: ActionRun<Data>,
): Promise<ClientState> => {
  const { clientId } = data;
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const before = fold(clientDecider, events);
  const hasBegun = events.some(
    (event) => event.type === 'ClientOperationBegun' && event.data.operationId === operationId,
  );
  if (hasBegun) return before;
  const command = { type: 'begin_operation', operationId, kind: action.kind } as const;
  // Whether the client can be worked on at all is said before anything about the work.
  clientDecider.decide(command, before);
  if (before.status === 'active' || before.status === 'failed') await action.admit?.(data, before);
  const secret = action.secretOf?.(data);
  const sealed =
    secret === undefined ? {} : { sealed: await withClientKey(() => resealed(vault, clientId, secret)) };
  const { state } = await decideOnClient(store, {
    clientId,
    operationId,
    place: 'begin',
    cause,
    command: { ...command, ...sealed },
  });
  return state;
};

const definitionOf = <Data extends ClientData>(
  store: EventStore,
  action: ClientAction<Data>,
  run: ActionRun<Data>,
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
