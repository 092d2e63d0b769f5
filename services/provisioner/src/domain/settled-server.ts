import { message, reject, told, type Fault, type Rejection } from '@alfa-cloud/contracts';
import type { Known, ServerState } from './server-state.ts';

/** A server about which something can be decided: it is there and is not being prepared. @throws Rejection */
export const settled = (state: ServerState): Extract<ServerState, { status: 'ready' | 'failed' }> => {
  switch (state.status) {
    case 'absent':
      throw reject('not_found', message`There is no server with this id`);
    case 'removed':
      throw reject('gone', message`Server ${state.server.name} was removed`);
    case 'preparing':
      throw isBeingPrepared(state);
    case 'ready':
      if (state.again) throw isBeingPrepared(state);
      return state;
    case 'failed':
      return state;
    default:
      return state satisfies never;
  }
};

const isBeingPrepared = ({ server: { operationId } }: Known): Rejection =>
  reject('operation_in_progress', message`The server is being prepared`, { meta: { operationId } });

export const hasClients = (clients: number): Fault => ({
  code: 'server_has_clients',
  ...told(
    clients === 1 ? message`1 client lives on the server` : message`${clients} clients live on the server`,
  ),
  meta: { clients },
});
