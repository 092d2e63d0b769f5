import { message } from '@alfa-cloud/contracts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Difference, TransferIo } from './client-transfer.ts';
import { differenceScript, filesScript } from './scripts/difference-scripts.ts';
import { ensureTransferContainer } from './transfer-container.ts';
import { joinStorages, numbersOf, storageSide } from './transfer-script.ts';

/** How many files one storage has that the other one has not, or has otherwise by size or time. */
export const differenceOfStorages = async (
  before: ClientOnServer,
  now: ClientOnServer,
  { operationId, signal }: TransferIo,
): Promise<Difference['files']> => {
  for (const side of [before, now]) await ensureTransferContainer(side, operationId, { signal });
  const what = message`Comparing the storages of ${now.names.host}`;
  const output = await joinStorages(
    what,
    [before, storageSide(before, filesScript)],
    [now, storageSide(now, differenceScript)],
    { signal },
  );
  return numbersOf(what, output, ['added', 'changed', 'removed']);
};
