import { streams, type ClientEvent, type ClientOperations, type DataOf } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { inOrder, type Begun, type Execution, type OperationEnd, type StepsOf } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { loadServer } from '@alfa-cloud/servers';
import { clientDecider, type ActiveClient, type ClientFact, type ClientState } from '../../domain/client.ts';
import type { FailedClient } from '../../domain/client-state.ts';
import { decideOnClient, endOnClient } from '../../domain/decide-on-client.ts';
import { withClientKey } from '../../domain/lost-key.ts';
import { refuseWhileAway } from '../../on-server/while-away.ts';
import { refuseWhileRebooting } from '../../on-server/while-rebooting.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { OperationModule, OperationsDeps } from './module.ts';
import { onClient } from './on-client.ts';

/** What came of an operation that went well. */
export interface Outcome {
  fact: ClientFact | null;
  /** Added to the operation's result. */
  result?: Record<string, unknown>;
}

type Known = Exclude<ClientState, { status: 'absent' }>;
export type Place<Context> = Pick<Begun<Context>, 'servers' | 'load'>;

/** What is particular to an operation that has its client for itself. */
export interface ClientWork<Of extends ClientOperations, Context = ClientOnServer> {
  /** Everything that speaks against it, before it begins; throws a `Rejection`. Not asked again once it has begun. */
  admit?(data: DataOf<Of>, state: ActiveClient | FailedClient): Promise<void>;
  /** The secret that the command brings, sealed for the transport. An operation that has one is not repeated. */
  secretOf?(data: DataOf<Of>): string;
  /** Where it works and what its steps share, by the client's state at any moment of the operation. Default: the client where it lives. */
  place?(execution: Execution<DataOf<Of>>, state: Known): Place<Context>;
  steps(execution: Execution<DataOf<Of>>): StepsOf<Of, Context>;
  /** May be asked twice after a crash; also when the fact was recorded then. Default: the operation's end says all. */
  outcome?(context: Context, execution: Execution<DataOf<Of>>): Promise<Outcome>;
  /** What follows the last event of the operation, also after a crash, hence repeatable. */
  afterEnd?(execution: Execution<DataOf<Of>>, status: OperationEnd['status']): Promise<void>;
}

/**
 * An operation that has its client for itself: it begins on the client's stream, where the expected revision lets only one begin, and ends
 * there with the fact that it has brought about. It may also have been begun there by another decision, under the same operation id.
 */
export const clientOperation = <Of extends ClientOperations, Context = ClientOnServer>(
  operation: Of,
  workOf: (deps: OperationsDeps) => ClientWork<Of, Context>,
): OperationModule<Of> & Required<Pick<OperationModule<Of>, 'implement'>> => ({
  operation,
  implement(deps) {
    const work = workOf(deps);
    const { store } = deps;
    return {
      operation,
      async begin(execution): Promise<Begun<Context>> {
        const { operationId, cause } = execution;
        const { clientId, ...parameters } = execution.data;
        const state = await begun(deps, operation, work, execution);
        const decision = { clientId, operationId, key: 'end', cause };
        const common = onClient(deps, state);
        return {
          ...common,
          // Without a place of its own, what its steps share is the client where it lives.
          ...((work.place === undefined || state.status === 'absent'
            ? common
            : work.place(execution, state)) as Place<Context>),
          steps: inOrder(operation, work.steps(execution)),
          ...(work.secretOf === undefined ? { parameters } : {}),
          async conclude(context, { status }) {
            const command = { type: 'end_operation', operationId } as const;
            if (status !== 'ok') {
              await decideOnClient(store, { ...decision, command: { ...command, status } });
              return {};
            }
            const { fact, result } = (await work.outcome?.(context, execution)) ?? { fact: null };
            await decideOnClient(store, { ...decision, command: { ...command, status, fact } });
            return { clientId, ...result };
          },
        };
      },
      async afterwards(execution, { status }) {
        const { operationId, cause } = execution;
        const { clientId } = execution.data;
        // An operation that was given up has not told the client of its end.
        await endOnClient(store, { clientId, operationId, cause });
        await work.afterEnd?.(execution, status);
      },
    };
  },
});

/** The client's state once the operation has begun on its stream, now or before a crash. */
const begun = async <Of extends ClientOperations, Context>(
  deps: OperationsDeps,
  { kind }: Of,
  work: ClientWork<Of, Context>,
  { data, operationId, cause }: Execution<DataOf<Of>>,
): Promise<ClientState> => {
  const { store, vault } = deps;
  const { clientId } = data;
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const before = fold(clientDecider, events);
  const hasBegun = events.some(
    (event) => event.type === 'ClientOperationBegun' && event.data.operationId === operationId,
  );
  if (hasBegun) return before;
  const command = { type: 'begin_operation', operationId, kind } as const;
  // Whether the client can be worked on at all is said before anything about the work.
  clientDecider.decide(command, before);
  if (before.status !== 'absent') await refuseWhereNothingBegins(deps, before.client.serverId);
  if (before.status === 'active' || before.status === 'failed') await work.admit?.(data, before);
  const secret = work.secretOf?.(data);
  const sealed =
    secret === undefined ? {} : { sealed: await withClientKey(() => resealed(vault, clientId, secret)) };
  const { state } = await decideOnClient(store, {
    clientId,
    operationId,
    key: 'begin',
    cause,
    command: { ...command, ...sealed },
  });
  return state;
};

/** @throws Rejection while the server is being rebooted, and when it is away */
const refuseWhereNothingBegins = async (
  { store, cloudServers }: OperationsDeps,
  serverId: string,
): Promise<void> => {
  await refuseWhileRebooting(store, serverId);
  const { state } = await loadServer(store, serverId);
  if (state.status === 'absent') return;
  await refuseWhileAway(state.server.name, cloudServers.of(state.server));
};

/** A secret under the client's own key instead of the transport's. */
const resealed = async (vault: Vault, clientId: string, secret: string): Promise<string> => {
  const scope = `client.${clientId}` as const;
  await vault.ensureKey(scope);
  return vault.seal(scope, await vault.open(secret));
};
