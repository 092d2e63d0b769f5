import type { ServerEvent } from '@alfa-cloud/contracts';

/** All clients of a server are to leave it, and no new one comes, until that is ended. */
export interface Draining {
  /** The operation with which it began. */
  operationId: string;
}

export type DrainingCommand = { type: 'begin_draining'; operationId: string } | { type: 'end_draining' };

type DrainingEvent = Extract<ServerEvent, { type: 'ServerDrainingBegun' | 'ServerDrainingEnded' }>;

/** What is so already is not told again. */
export const decideDraining = (
  command: DrainingCommand,
  serverId: string,
  draining: Draining | null,
): DrainingEvent[] => {
  if (command.type === 'end_draining') {
    return draining === null ? [] : [{ type: 'ServerDrainingEnded', data: { serverId } }];
  }
  const { operationId } = command;
  return draining === null ? [{ type: 'ServerDrainingBegun', data: { serverId, operationId } }] : [];
};

export const evolveDraining = (event: DrainingEvent): Draining | null =>
  event.type === 'ServerDrainingBegun' ? { operationId: event.data.operationId } : null;
