import { madeId, RECEIPTS_STREAM, subjects, type Receipt } from '@alfa-cloud/contracts';
import { retry } from '@alfa-cloud/service-kit';
import type { Link } from './link.ts';
import { readLast, readLastFromLeader, remember } from './remembered.ts';

/** What senders were told of commands that had not been decided on. The first receipt of an operation stands. */
export interface Receipts {
  /**
   * One attempt.
   * @param id of the operation, or of what its command makes
   */
  find(id: string): Promise<Receipt | null>;
  /** As it stands at this moment, wherever it was stored; tries again until `deadlineMs`. */
  findNewest(operationId: string, deadlineMs: number, signal: AbortSignal): Promise<Receipt | null>;
  /** Stores it durably; tries again until `deadlineMs`. */
  store(receipt: Receipt, deadlineMs: number): Promise<void>;
}

/** Stands under the id of what a command makes. */
interface Alias {
  of: string;
}

export const createReceipts = (link: Link): Receipts => {
  const read = (id: string) =>
    readLast(link, RECEIPTS_STREAM, subjects.receipt(id)) as Promise<Receipt | Alias | null>;
  return {
    async find(id) {
      const found = await read(id);
      if (found === null || 'commandId' in found) return found;
      const named = await read(found.of);
      return named !== null && 'commandId' in named ? named : null;
    },
    findNewest: (operationId, deadlineMs, signal) =>
      retry(
        async () => {
          await link.ready(deadlineMs, signal);
          return (await readLastFromLeader(
            link,
            RECEIPTS_STREAM,
            subjects.receipt(operationId),
          )) as Receipt | null;
        },
        { deadlineMs, maxDelayMs: 2000, signal },
      ),
    store: (receipt, deadlineMs) =>
      retry(
        async () => {
          await link.ready(deadlineMs);
          const id = madeId(receipt);
          const alias: Alias = { of: receipt.operationId };
          if (id !== null) await remember(link, subjects.receipt(id), alias, { first: true });
          await remember(link, subjects.receipt(receipt.operationId), receipt, { first: true });
        },
        { deadlineMs, maxDelayMs: 1000 },
      ),
  };
};
