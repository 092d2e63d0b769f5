import { conforms, ServerImagesObservation } from '@alfa-cloud/contracts';

/** What was seen so long ago is not told any more. */
const keptMs = 24 * 60 * 60 * 1000;

/** Which images each server has, as it was seen last: in memory, gone with the process. */
export interface ImagesOnServers {
  /** Takes in one message; ignores one that is not valid, or older than what is known. */
  record(message: unknown): void;
  /** What was seen a day ago at most. */
  seen(nowMs: number): ServerImagesObservation[];
}

export const createImagesOnServers = (): ImagesOnServers => {
  const newest = new Map<string, ServerImagesObservation>();
  return {
    record(message) {
      if (!conforms(ServerImagesObservation, message)) return;
      const known = newest.get(message.serverId);
      if (known === undefined || known.checkedAt <= message.checkedAt) newest.set(message.serverId, message);
    },
    seen(nowMs) {
      for (const [id, { checkedAt }] of newest) {
        if (Date.parse(checkedAt) < nowMs - keptMs) newest.delete(id);
      }
      return [...newest.values()];
    },
  };
};
