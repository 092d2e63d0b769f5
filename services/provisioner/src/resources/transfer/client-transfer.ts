import type { Message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

export interface TransferIo extends Pick<StepIo, 'signal' | 'operationId'> {
  /** The source serves meanwhile and is read only when it has nothing else to do. Default false. */
  lowPriority?: boolean;
  /** Told how many bytes have to be sent, once that is known. */
  onTotal?: (bytes: number) => void;
  /** Told how many bytes have been sent so far, in all. */
  onProgress?: (bytes: number) => void;
}

/** How much there is to move, and what of it can't be. */
export interface Measured {
  databaseBytes: number;
  storageBytes: number;
  files: number;
  /** Each is a reason why it can not be brought to another server. */
  obstacles: readonly Message[];
}

/** What came of copying a database. */
export interface CopiedDatabase {
  tables: number;
  bytes: number;
  /** What does not work there, as it does not where it comes from. */
  warnings: readonly { kind: string; name: string }[];
}

/**
 * Copies the data of a client from one server to another. Each call is repeatable after a crash, ends with its signal, and leaves the data where
 * they come from as they are.
 */
export interface Transfer {
  measure(client: ClientOnServer, io: TransferIo): Promise<Measured>;
  /** `first`: while the application writes; what changes meanwhile may be missed. `last`: what still differs, with nobody at work. */
  copyStorage(
    from: ClientOnServer,
    to: ClientOnServer,
    pass: 'first' | 'last',
    io: TransferIo,
  ): Promise<{ sent: number; removed: number; bytes: number }>;
  /** All or nothing. */
  copyDatabase(
    from: ClientOnServer,
    to: ClientOnServer,
    deadlineMs: number,
    io: TransferIo & Pick<StepIo, 'output'>,
  ): Promise<CopiedDatabase>;
  /** Final failure `transfer_differs` when the two are not the same. @returns a sentence for the log */
  verify(from: ClientOnServer, to: ClientOnServer, io: TransferIo): Promise<string>;
  /** What differs between two servers, as people want to know it. */
  compare(before: ClientOnServer, now: ClientOnServer, io: TransferIo): Promise<Difference>;
  /** Ends what a transfer that was cut off has left at work on either server. */
  end(from: ClientOnServer, to: ClientOnServer, io: TransferIo): Promise<void>;
}

/** What was entered between two states of a client's data. */
export interface Difference {
  /** Tables whose rows differ. A null: the table is not there. */
  tables: { name: string; before: number | null; now: number | null }[];
  files: { added: number; changed: number; removed: number };
}
