import { isRejection } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';

/** Counts the clients of servers in the read models. */
export interface ClientCount {
  /** Clients that live on the server or are being created there; sees at least the position given and all noted ones. */
  of(serverId: string, seen: bigint): Promise<number>;
  /** From now on a count includes what happened up to here. */
  noteCreation(position: bigint): void;
}

/**
 * The count is exact for what this process has admitted. Another replica that admits to the same server in the same moment can exceed
 * the limit by its own admissions: it bounds load, and no harm is in a server that holds one client more.
 */
export const createClientCount = (queries: QuerySender): ClientCount => {
  let noted = 0n;
  return {
    async of(serverId, seen) {
      const minPosition = String(seen > noted ? seen : noted);
      try {
        const { result } = await queries.ask('GetServer', { id: serverId }, { minPosition });
        return result.clientCount;
      } catch (error) {
        // Read models that are built anew may not have come to the server's registration yet.
        if (isRejection(error) && error.faults.some(({ code }) => code === 'not_found')) return 0;
        throw error;
      }
    },
    noteCreation(position) {
      if (position > noted) noted = position;
    },
  };
};
