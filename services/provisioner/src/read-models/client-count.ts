import { message, isRejection, reject } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';

/** Counts the clients of servers in the read models. */
export interface ClientCount {
  /** Clients that live on the server or are being created there; sees at least the position given and all noted ones. */
  of(serverId: string, seen: bigint): Promise<number>;
  /**
   * The same where none counted too few may be: read models that lag behind are no answer.
   * @throws Rejection `unavailable`
   */
  certain(serverId: string, seen: bigint): Promise<number>;
  /** From now on a count includes what happened up to here. */
  noteCreation(position: bigint): void;
}

/**
 * The count is exact for what this process has admitted. Another replica that admits to the same server in the same moment can exceed
 * the limit by its own admissions: it bounds load, and no harm is in a server that holds one client more.
 */
export const createClientCount = (queries: QuerySender): ClientCount => {
  let noted = 0n;
  const ask = (id: string, seen: bigint) =>
    queries.ask('GetServer', { id }, { minPosition: String(seen > noted ? seen : noted) });
  return {
    async of(serverId, seen) {
      try {
        return (await ask(serverId, seen)).result.clientCount;
      } catch (error) {
        // Read models that are built anew may not have come to the server's registration yet.
        if (isNotFound(error)) return 0;
        throw error;
      }
    },
    async certain(serverId, seen) {
      const answer = await ask(serverId, seen).catch((error: unknown) => {
        if (isNotFound(error)) return null;
        throw error;
      });
      if (answer !== null && !answer.stale) return answer.result.clientCount;
      throw reject(
        'unavailable',
        message`The clients of the server can not be counted at the moment; try again`,
      );
    },
    noteCreation(position) {
      if (position > noted) noted = position;
    },
  };
};

const isNotFound = (error: unknown): boolean =>
  isRejection(error) && error.faults.some(({ code }) => code === 'not_found');
