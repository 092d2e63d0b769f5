import { message, reject, type ClientOperations, type DataOf } from '@alfa-cloud/contracts';
import { inOrder, type Begun, type StepsOf } from '@alfa-cloud/operations';
import type { ClientCommand, ClientState } from '../../domain/client.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { OperationModule, OperationsDeps } from './module.ts';
import { onClient } from './on-client.ts';

type Change = Extract<ClientCommand, { type: 'change_expire_date' | 'change_cloud_settings' }>;
type WithoutId<Command> = Command extends unknown ? Omit<Command, 'operationId'> : never;

/** What is particular to a change that is recorded first. */
export interface RecordedChange<Of extends ClientOperations> {
  /** Tells the decision apart from others of one operation. */
  key: string;
  /** What is decided on the client's stream. */
  change: (data: DataOf<Of>) => WithoutId<Change>;
  steps: StepsOf<Of, ClientOnServer>;
  result: (client: ClientOnServer) => Record<string, unknown>;
}

/**
 * A change that is recorded whatever else runs on the client, and then made true on its server. Each step takes the newest record, so changes that
 * overtake each other end with the last one, and a repetition needs no parameters.
 */
export const besideOthers = <Of extends ClientOperations>(
  operation: Of,
  workOf: (deps: OperationsDeps) => RecordedChange<Of>,
): OperationModule<Of> => ({
  operation,
  implement(deps) {
    const { store } = deps;
    const { key, change, steps, result } = workOf(deps);
    const begunOn = (state: ClientState): Begun<ClientOnServer> => ({
      ...onClient(deps, state),
      parameters: {},
      steps: inOrder(operation, steps),
      conclude: async (client, { status }) =>
        status === 'error' ? {} : { clientId: client.client.id, ...result(client) },
    });
    return {
      operation,
      async begin({ data, operationId, cause }) {
        const { clientId } = data;
        const command = { ...change(data), operationId };
        const { state } = await decideOnClient(store, { clientId, operationId, key, cause, command });
        return begunOn(state);
      },
      async beginAgain({ data }) {
        const { state } = await loadClient(store, data.clientId);
        if (state.status === 'deleted') throw reject('gone', message`This client was deleted`);
        if (state.status !== 'active')
          throw reject('client_not_active', message`The client is ${state.status}`);
        return begunOn(state);
      },
    };
  },
});
