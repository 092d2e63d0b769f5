import { isDeepStrictEqual } from 'node:util';
import { messageInWords, messageTold, Rejection, type ServerEvent } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import { withoutLastLines } from '@alfa-cloud/operations';
import { alertsAfter, serverAlertEvents } from './alerts.ts';
import { changeServer, hostKeysFound } from './server-change.ts';
import { acceptHostKey, pinHostKey, refusedIn, refuseHostKey, withTrusted } from './server-host-key.ts';
import { decideDraining, evolveDraining } from './server-draining.ts';
import { decideReboot, evolveReboot } from './server-reboot.ts';
import {
  isRebooting,
  type KnownHealth,
  type RegisteredServer,
  type ServerCommand,
  type ServerState,
} from './server-state.ts';
import { hasClients, settled } from './settled-server.ts';

/** Last lines of a container are never twice the same and make no other health. */
const isSameHealth = (known: KnownHealth | null, now: KnownHealth): boolean => {
  const inShort = ({ health, reasons }: KnownHealth) => ({
    health,
    reasons: reasons.map(({ code, ...told }) => ({
      code,
      detail: messageInWords('en', withoutLastLines(messageTold(told))),
    })),
  });
  return known !== null && isDeepStrictEqual(inShort(known), inShort(now));
};

/** Every decision is taken once: a command that comes again, after a crash, has no effect. */
export const serverDecider: Decider<ServerState, ServerCommand, ServerEvent> = {
  initialState: () => ({ status: 'absent' }),
  decide: (command, state) => {
    switch (command.type) {
      case 'register': {
        if (state.status !== 'absent') return [];
        const { server, checked = null } = command;
        const { id: serverId, ...registered } = server;
        if (checked === null) return [{ type: 'ServerRegistered', data: { serverId, ...registered } }];
        return [
          { type: 'ServerRegistered', data: { serverId, ...registered, check: checked.check } },
          ...hostKeysFound(serverId, server.connection, checked),
        ];
      }
      case 'become_ready':
        return isPreparedBy(command.operationId, state)
          ? [{ type: 'ServerBecameReady', data: { ...ids(state.server), facts: command.facts } }]
          : [];
      case 'fail_preparation': {
        const { type: _, operationId, stands, ...why } = command;
        if (!isPreparedBy(operationId, state)) return [];
        const staysReady = state.status === 'ready' && stands ? { staysReady: true } : {};
        const data = { ...ids(state.server), ...why, ...staysReady };
        return [{ type: 'ServerPreparationFailed', data }];
      }
      case 'prepare': {
        const { status, server } = settled(state);
        const data = { serverId: server.id, operationId: command.operationId };
        return [
          status === 'ready' ? { type: 'ServerPreparationBegun', data } : { type: 'ServerChanged', data },
        ];
      }
      case 'pin_host_key':
        return pinHostKey(command, state);
      case 'refuse_host_key':
        return refuseHostKey(command, state);
      case 'accept_host_key':
        return acceptHostKey(command, state);
      case 'record_health': {
        if (state.status === 'absent' || state.status === 'removed' || isRebooting(state)) return [];
        const { health, reasons, checkedAt } = command;
        if (isSameHealth(state.health, { health, reasons })) return [];
        const data = { serverId: state.server.id, health, reasons: [...reasons], checkedAt };
        return [{ type: 'ServerHealthChanged', data }];
      }
      case 'record_mended': {
        if (state.status === 'absent' || command.mended.length === 0) return [];
        return [{ type: 'ServerMended', data: { serverId: state.server.id, mended: [...command.mended] } }];
      }
      case 'raise_alert':
      case 'clear_alert': {
        if (state.status === 'absent' || state.status === 'removed') return [];
        return serverAlertEvents(command, state.server.id, state.alerts);
      }
      case 'change':
        return changeServer(command, state);
      case 'remove': {
        const { server } = settled(state);
        if (command.clients > 0) throw new Rejection([hasClients(command.clients)]);
        return [{ type: 'ServerRemoved', data: { serverId: server.id } }];
      }
      case 'begin_draining': {
        const { server, draining } = settled(state);
        return decideDraining(command, server.id, draining);
      }
      case 'end_draining':
        return state.status === 'absent' || state.status === 'removed'
          ? []
          : decideDraining(command, state.server.id, state.draining);
      case 'record_cleanup': {
        const { type: _, ...cleaned } = command;
        if (state.status === 'absent' || state.status === 'removed') return [];
        return [{ type: 'ServerCleanedUp', data: { serverId: state.server.id, ...cleaned } }];
      }
      case 'begin_reboot':
        return decideReboot(command, settled(state).server.id, null);
      case 'record_drained':
      case 'end_reboot':
      case 'fail_reboot':
        return state.status === 'absent' ? [] : decideReboot(command, state.server.id, state.reboot);
      default:
        return command satisfies never;
    }
  },
  evolve: (state, event) => {
    if (event.type === 'ServerRegistered') {
      const { serverId, check, ...registered } = event.data;
      const server = { id: serverId, ...registered, connectionVersion: 0 };
      const engineId = check?.engineId ?? null;
      const known = { health: null, wasReady: false, alerts: [], refusedHostKey: null, engineId };
      return { status: 'preparing', server, ...known, reboot: null, draining: null };
    }
    if (state.status === 'absent') return state;
    const { server, health, wasReady, alerts, refusedHostKey, engineId, reboot, draining } = state;
    const known = { server, health, wasReady, alerts, refusedHostKey, engineId, reboot, draining };
    switch (event.type) {
      case 'ServerBecameReady':
        return {
          ...known,
          status: 'ready',
          facts: event.data.facts,
          engineId: event.data.facts.engineId,
          again: false,
          wasReady: true,
        };
      case 'ServerPreparationFailed':
        return state.status === 'ready' && event.data.staysReady === true
          ? { ...state, again: false }
          : { ...known, status: 'failed' };
      case 'ServerPreparationBegun': {
        const { operationId } = event.data;
        const begun = { ...known, server: { ...server, operationId } };
        return state.status === 'ready'
          ? { ...state, ...begun, again: true }
          : { ...begun, status: 'preparing' };
      }
      case 'ServerHealthChanged':
        return { ...state, health: { health: event.data.health, reasons: event.data.reasons } };
      case 'ServerMended':
      case 'ServerCleanedUp':
        return state;
      case 'ServerAlertRaised':
      case 'ServerAlertCleared':
        return { ...state, alerts: alertsAfter(alerts, event) };
      case 'ServerHostKeyPinned':
        return withTrusted(state, event.data);
      case 'ServerHostKeyAccepted': {
        const accepted = withTrusted(state, event.data);
        const connectionVersion = server.connectionVersion + 1;
        return { ...accepted, server: { ...accepted.server, connectionVersion } };
      }
      case 'ServerHostKeyRefused':
        return { ...state, refusedHostKey: refusedIn(event.data) };
      case 'ServerChanged':
        return changed(event.data, state);
      case 'ServerRemoved':
        return { ...known, status: 'removed', alerts: [] };
      case 'ServerRebootBegun':
      case 'ServerDrained':
      case 'ServerRebooted':
      case 'ServerRebootFailed':
        return { ...state, reboot: evolveReboot(reboot, event) };
      case 'ServerDrainingBegun':
      case 'ServerDrainingEnded':
        return { ...state, draining: evolveDraining(event) };
      default:
        return event satisfies never;
    }
  },
};

const changed = (
  data: Extract<ServerEvent, { type: 'ServerChanged' }>['data'],
  state: Exclude<ServerState, { status: 'absent' }>,
): ServerState => {
  const { serverId: _, operationId, check, ...changes } = data;
  const isOther = changes.connection !== undefined;
  const connectionVersion = state.server.connectionVersion + (isOther ? 1 : 0);
  const server = { ...state.server, ...changes, connectionVersion };
  const refusedHostKey = isOther ? null : state.refusedHostKey;
  const engineId = check?.engineId ?? state.engineId;
  if (operationId === null) return { ...state, server, refusedHostKey, engineId };
  const { health, wasReady, alerts, reboot, draining } = state;
  return {
    status: 'preparing',
    server: { ...server, operationId },
    health,
    wasReady,
    alerts,
    refusedHostKey,
    engineId,
    reboot,
    draining,
  };
};

const isPreparedBy = (
  operationId: string,
  state: ServerState,
): state is Extract<ServerState, { status: 'preparing' | 'ready' }> =>
  (state.status === 'preparing' || (state.status === 'ready' && state.again)) &&
  state.server.operationId === operationId;

const ids = (server: RegisteredServer) => ({ serverId: server.id, operationId: server.operationId });
