import type { Reason, ServerEvent } from '@alfa-cloud/contracts';

/** A reboot of a server that has begun and not ended: no other operation may begin there. */
export interface Reboot {
  operationId: string;
  /** What was there before the machine goes down; null while operations that began earlier still run. */
  before: { bootId: string; clients: readonly string[] } | null;
}

export type RebootCommand =
  | { type: 'begin_reboot'; operationId: string }
  | { type: 'record_drained'; operationId: string; bootId: string; clients: readonly string[] }
  | { type: 'end_reboot'; operationId: string; awayMs: number }
  | (Reason & { type: 'fail_reboot'; operationId: string });

type RebootEvent = Extract<
  ServerEvent,
  { type: 'ServerRebootBegun' | 'ServerDrained' | 'ServerRebooted' | 'ServerRebootFailed' }
>;

/** What an operation that reboots the server decides; nothing when the reboot is not, or no longer, its own. */
export const decideReboot = (
  command: RebootCommand,
  serverId: string,
  reboot: Reboot | null,
): RebootEvent[] => {
  const { operationId } = command;
  if (command.type === 'begin_reboot') {
    return reboot === null ? [{ type: 'ServerRebootBegun', data: { serverId, operationId } }] : [];
  }
  if (reboot?.operationId !== operationId) return [];
  const ids = { serverId, operationId };
  switch (command.type) {
    case 'record_drained': {
      if (reboot.before !== null) return [];
      const { bootId, clients } = command;
      return [{ type: 'ServerDrained', data: { ...ids, bootId, clients: [...clients] } }];
    }
    case 'end_reboot': {
      const clients = reboot.before?.clients.length ?? 0;
      return [{ type: 'ServerRebooted', data: { ...ids, clients, awayMs: command.awayMs } }];
    }
    case 'fail_reboot': {
      const { type: _, ...failure } = command;
      return [{ type: 'ServerRebootFailed', data: { serverId, ...failure } }];
    }
    default:
      return command satisfies never;
  }
};

export const evolveReboot = (reboot: Reboot | null, event: RebootEvent): Reboot | null => {
  switch (event.type) {
    case 'ServerRebootBegun':
      return { operationId: event.data.operationId, before: null };
    case 'ServerDrained': {
      const { operationId, bootId, clients } = event.data;
      return { operationId, before: { bootId, clients } };
    }
    case 'ServerRebooted':
    case 'ServerRebootFailed':
      return reboot?.operationId === event.data.operationId ? null : reboot;
    default:
      return event satisfies never;
  }
};
