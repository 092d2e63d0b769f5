import { madeId, RECEIPTS_STREAM, subjects, type Receipt } from '@alfa-cloud/contracts';
import { retry } from '@alfa-cloud/service-kit';
import { readLast, readLastFromLeader, storeLast } from '../connection/last-message.ts';
import type { Link } from '../connection/link.ts';
import type { ReceiptFinder } from './command-ports.ts';

/** The stored receipts: what callers were told about commands that were not decided yet. The first receipt of an operation stands. */
export interface Receipts extends ReceiptFinder {
  /** Reads from the stream's leader, so that a receipt stored before is found; retries until `deadlineMs`. */
  findNewest(operationId: string, deadlineMs: number, signal: AbortSignal): Promise<Receipt | null>;
  /** Stores it durably; retries until `deadlineMs`. */
  store(receipt: Receipt, deadlineMs: number): Promise<void>;
}

/** Stored under the id of the resource that a command creates. */
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
          if (id !== null) await storeLast(link, subjects.receipt(id), alias, { first: true });
          await storeLast(link, subjects.receipt(receipt.operationId), receipt, { first: true });
        },
        { deadlineMs, maxDelayMs: 1000 },
      ),
  };
};
