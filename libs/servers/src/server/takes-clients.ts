import { message, told, type Fault } from '@alfa-cloud/contracts';
import type { ServerState } from './server-state.ts';
import { isBeingRebooted } from './settled-server.ts';

/** Why no client may come to a server now, whoever it is and however it comes; none: one may. */
export const objectionsToClients = (serverId: string, state: ServerState): Fault[] => {
  if (state.status === 'absent' || state.status === 'removed') {
    return [{ code: 'server_unknown', ...told(message`Server ${serverId} does not exist`) }];
  }
  const { name, active } = state.server;
  if (state.reboot !== null) return [isBeingRebooted(state.reboot)];
  const faults: Fault[] = [];
  if (state.status !== 'ready') {
    const detail = message`Server ${name} is ${state.status}`;
    faults.push({ code: 'server_not_ready', ...told(detail), meta: { status: state.status } });
  }
  if (!active) {
    faults.push({ code: 'server_not_active', ...told(message`Server ${name} takes no new clients`) });
  }
  if (state.draining !== null) {
    const { operationId } = state.draining;
    const detail = message`Server ${name} is being drained: its clients move to other servers, and it takes no new ones`;
    faults.push({ code: 'server_draining', ...told(detail), meta: { operationId } });
  }
  return faults;
};
