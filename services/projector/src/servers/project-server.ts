import { withHostKey, withoutCredentials, type ServerEvent, type ServerView } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { raisedAlert } from '../alerts/project-alert.ts';
import type { ShownHealth, ToldHealth } from './server-health.ts';

/** What is stored of a server; the number of its clients is counted when asked, and its health depends on the time of the query. */
export type StoredServer = Omit<ServerView, 'clientCount' | 'heldCount' | 'status' | keyof ShownHealth> & {
  /** Null before the first comparison. */
  told: ToldHealth | null;
  /** How long the last reboot that went well took; absent before the first. */
  lastRebootMs?: number;
  /** `removed`: shown nowhere but in the history. */
  status: ServerView['status'] | 'removed';
};

/**
 * The server after one more event. Pure.
 * @param current null before its first event
 * @returns null when the event speaks of a server that was never registered
 */
export const projectServer = (
  current: StoredServer | null,
  recorded: RecordedEvent<ServerEvent>,
): StoredServer | null => {
  const { at } = recorded.metadata;
  if (recorded.type === 'ServerRegistered') return registered(recorded.data, at);
  if (current === null) return null;
  switch (recorded.type) {
    case 'ServerBecameReady':
      return { ...current, status: 'ready', failure: null, facts: recorded.data.facts, updatedAt: at };
    case 'ServerPreparationFailed': {
      const { serverId: _, operationId: __, staysReady, ...failure } = recorded.data;
      if (staysReady === true) return { ...current, updatedAt: at };
      return { ...current, status: 'failed', failure, updatedAt: at };
    }
    case 'ServerPreparationBegun':
      return { ...current, operationId: recorded.data.operationId, updatedAt: at };
    case 'ServerHealthChanged': {
      const { health, reasons, checkedAt } = recorded.data;
      return { ...current, told: { health, reasons, checkedAt } };
    }
    case 'ServerHostKeyAccepted':
    case 'ServerHostKeyPinned': {
      const { refusedHostKey: _, ...known } = current;
      const { hostKey, of } = recorded.data;
      return { ...known, connection: withHostKey(current.connection, hostKey, of) };
    }
    case 'ServerHostKeyRefused': {
      const { hostKey, fingerprint, of = 'server' } = recorded.data;
      return { ...current, refusedHostKey: { hostKey, fingerprint, of, at } };
    }
    case 'ServerMended':
    case 'ServerCleanedUp':
      return current;
    case 'ServerAlertRaised':
      return { ...current, alerts: [...current.alerts, raisedAlert(recorded)] };
    case 'ServerAlertCleared': {
      const { alertId } = recorded.data;
      return { ...current, alerts: current.alerts.filter(({ id }) => id !== alertId) };
    }
    case 'ServerChanged':
      return changed(current, recorded.data, at);
    case 'ServerRemoved':
      return { ...current, status: 'removed', alerts: [], updatedAt: at };
    case 'ServerRebootBegun': {
      const { operationId } = recorded.data;
      return { ...current, reboot: { operationId, since: at, drained: false, expectedAt: null } };
    }
    case 'ServerDrained':
      return drained(current, at);
    case 'ServerRebooted':
      return { ...withoutReboot(current), lastRebootMs: recorded.data.awayMs };
    case 'ServerRebootFailed':
      return withoutReboot(current);
    case 'ServerDrainingBegun': {
      const { operationId } = recorded.data;
      return { ...current, draining: { operationId, since: at }, updatedAt: at };
    }
    case 'ServerDrainingEnded': {
      const { draining: _, ...server } = current;
      return { ...server, updatedAt: at };
    }
    default:
      return recorded satisfies never;
  }
};

const drained = (current: StoredServer, at: string): StoredServer => {
  const { reboot, lastRebootMs } = current;
  if (reboot === undefined) return current;
  const expectedAt =
    lastRebootMs === undefined ? null : new Date(Date.parse(at) + lastRebootMs).toISOString();
  return { ...current, reboot: { ...reboot, drained: true, expectedAt } };
};

const withoutReboot = (current: StoredServer): StoredServer => {
  const { reboot: _, ...server } = current;
  return server;
};

type Changed = Extract<ServerEvent, { type: 'ServerChanged' }>['data'];

const changed = (current: StoredServer, data: Changed, at: string): StoredServer => {
  const { serverId: _, operationId, connection, ...changes } = data;
  const { refusedHostKey, check: formerCheck, ...known } = current;
  return {
    ...known,
    ...changes,
    // What was found out about a machine says nothing of the one at another address.
    ...(connection !== undefined && { connection: withoutCredentials(connection), facts: null }),
    ...(connection === undefined && refusedHostKey !== undefined && { refusedHostKey }),
    ...(connection === undefined && formerCheck !== undefined && { check: formerCheck }),
    ...(operationId !== null && { operationId, status: 'preparing', failure: null }),
    updatedAt: at,
  };
};

type Registered = Extract<ServerEvent, { type: 'ServerRegistered' }>['data'];

const registered = (data: Registered, at: string): StoredServer => ({
  id: data.serverId,
  name: data.name,
  role: data.role,
  domain: data.domain,
  connection: withoutCredentials(data.connection),
  active: data.active,
  capacity: data.capacity,
  proxy: data.proxy,
  ...(data.limits !== undefined && { limits: data.limits }),
  status: 'preparing',
  failure: null,
  facts: null,
  ...(data.check !== undefined && { check: data.check }),
  told: null,
  alerts: [],
  operationId: data.operationId,
  createdAt: at,
  updatedAt: at,
});
