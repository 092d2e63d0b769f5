import { message, reject, told, type Fault, Rejection } from '@alfa-cloud/contracts';
import type { Reboot } from './server-reboot.ts';
import type { Known, ServerState } from './server-state.ts';

/** While the server is drained and rebooted no other operation may begin there. */
export const isBeingRebooted = ({ operationId }: Pick<Reboot, 'operationId'>): Fault => ({
  code: 'operation_in_progress',
  ...told(message`The server is being rebooted`),
  meta: { operationId },
});

/** A server about which something can be decided: it is there and is being neither prepared nor rebooted. @throws Rejection */
export const settled = (state: ServerState): Extract<ServerState, { status: 'ready' | 'failed' }> => {
  if (state.status !== 'absent' && state.reboot !== null) {
    throw new Rejection([isBeingRebooted(state.reboot)]);
  }
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
