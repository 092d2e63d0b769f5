import { message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final } from '../../on-server/failures.ts';
import { parseFacts } from '../backup/scripts/script.ts';
import { countScript, differScript, digestListScript, digestScript } from './scripts/digest-scripts.ts';
import {
  compareScript,
  listScript,
  receiveScript,
  removedScript,
  removeScript,
  sendScript,
} from './scripts/storage-transfer-scripts.ts';
import { ensureTransferContainer } from './transfer-container.ts';
import { joinStorages, numbersOf, runOnStorage, storageSide, type TransferIo } from './transfer-script.ts';

export interface StorageCopied {
  /** Names that were sent: those that differed, with their directories. */
  sent: number;
  /** Names that were removed at the target. */
  removed: number;
  /** Bytes of the files that were sent, sparse ones with their holes. */
  bytes: number;
}

export interface StorageCopyOptions {
  operationId: string;
  /** `first`: the client is at work, and its files come and go. `last`: nobody writes any more, and nothing may be missed. */
  pass: 'first' | 'last';
  /** Told once it is known what has to be sent. */
  onPlan?: (plan: StorageCopied) => void;
}

/**
 * Makes the target's volume what the source's is: sends what differs in type, owner, mode, size, time, names or attributes, and removes what the
 * source does not have. Hard links, sparse files, extended attributes, access lists and times in nanoseconds are kept. The first pass also
 * counts contents ahead, for {@link verifyStorage}. May be repeated after any end; what has come is not sent again.
 */
export const copyStorage = async (
  from: ClientOnServer,
  to: ClientOnServer,
  { operationId, pass, onPlan }: StorageCopyOptions,
  io: TransferIo,
): Promise<StorageCopied> => {
  const { lowPriority } = io;
  const quiet = { signal: io.signal, lowPriority };
  await ensureBoth(from, to, operationId, quiet);
  const comparison = message`Comparing the storages of ${from.names.host}`;
  const output = await joinStorages(
    comparison,
    [to, storageSide(to, listScript)],
    [from, storageSide(from, compareScript, [pass])],
    quiet,
  );
  const plan = numbersOf(comparison, output, ['sent', 'removed', 'bytes']);
  onPlan?.(plan);
  if (plan.removed > 0) {
    await joinStorages(
      message`Removing what the storage of ${from.names.host} does not have`,
      [from, storageSide(from, removedScript)],
      [to, storageSide(to, removeScript)],
      quiet,
    );
  }
  if (plan.sent > 0) {
    await joinStorages(
      message`Sending the storage of ${from.names.host}`,
      [from, storageSide(from, sendScript, [pass])],
      [to, storageSide(to, receiveScript)],
      io,
    );
  }
  // Nobody verifies the copy of a client that goes on working.
  if (pass === 'first' && lowPriority !== true) {
    const counting = message`Counting the storage of ${from.names.host}`;
    const count = (side: ClientOnServer) =>
      runOnStorage(side, counting, storageSide(side, countScript, [pass]), quiet);
    await Promise.all([count(from), count(to)]);
  }
  return plan;
};

export interface StorageFound {
  /** Files, directories and all else with a name. */
  names: number;
  /** Of all files. */
  bytes: number;
}

/**
 * Compares both storages in whole: names, types, owners, modes, sizes, times, links, attributes and contents by SHA-256. Contents that were
 * counted by a first pass and have not changed since are not read again.
 * @throws StepFailure final `transfer_differs` with the first names that differ
 */
export const verifyStorage = async (
  from: ClientOnServer,
  to: ClientOnServer,
  { signal, operationId }: Pick<StepIo, 'signal' | 'operationId'>,
): Promise<StorageFound> => {
  const io = { signal };
  await ensureBoth(from, to, operationId, io);
  const what = message`Verifying the storage of ${from.names.host}`;
  const digestOf = (side: ClientOnServer) => runOnStorage(side, what, storageSide(side, digestScript), io);
  const [source, target] = await Promise.all([digestOf(from), digestOf(to)]);
  const found = numbersOf(what, source, ['names', 'bytes']);
  const [ours, theirs] = [parseFacts(source), parseFacts(target)];
  if (ours?.['digest'] === theirs?.['digest'] && ours?.['attributes'] === theirs?.['attributes'])
    return found;
  const names = await joinStorages(
    what,
    [to, storageSide(to, digestListScript)],
    [from, storageSide(from, differScript)],
    io,
  );
  const listed = names
    .trim()
    .split('\n')
    .filter((name) => name !== '');
  const where = listed.length === 0 ? 'extended attributes' : listed.join(', ');
  throw final(
    'transfer_differs',
    message`The storages of ${from.names.host} differ after the transfer: ${where}`,
  );
};

const ensureBoth = async (
  from: ClientOnServer,
  to: ClientOnServer,
  operationId: string,
  io: Pick<StepIo, 'signal'>,
): Promise<void> => {
  await Promise.all([
    ensureTransferContainer(from, operationId, io),
    ensureTransferContainer(to, operationId, io),
  ]);
};
