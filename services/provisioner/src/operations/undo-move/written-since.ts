import { message, reasonOf, type Message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { directoryOf } from '../../resources/backup/backup-location.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { Moving } from '../moving/moving.ts';
import type { Difference } from '../../resources/transfer/client-transfer.ts';
import { backupIdOf } from '../steps/backup.ts';

/** What was entered on the new server, for a program and in words. */
export interface WrittenSince extends Difference {
  reason: string;
  message?: Message;
}

/** Tables named in words. */
const namedMax = 10;

const fileOf = (clientId: string, backupId: string): string =>
  `${directoryOf({ clientId, backupId })}/written-since.json`;

/** Finds out what was entered since the move, while nobody works on either side, and keeps that beside the backup. */
export const compareStep = (
  { transfer, moves }: Pick<OperationsDeps, 'transfer' | 'moves'>,
  operationId: string,
): StepWork<Moving> =>
  serverStep({
    cancellable: true,
    deadlineMs: moves.deadlineMs,
    async act({ from, to }, { signal }) {
      const difference = await transfer.compare(to, from, { operationId, signal });
      const file = fileOf(from.client.id, backupIdOf(operationId));
      await from.cloud.files.writeAtomic(file, JSON.stringify(difference), { signal, mode: 0o600 });
      return reasonOf(inWords(difference)).reason;
    },
  });

/** Null when nobody can tell any more. */
export const readWritten = async (now: ClientOnServer, backupId: string): Promise<WrittenSince | null> => {
  const text = await now.cloud.files.read(fileOf(now.client.id, backupId));
  if (text === null) return null;
  const difference = JSON.parse(text) as Difference;
  return { ...difference, ...reasonOf(inWords(difference)) };
};

const inWords = ({ tables, files }: Difference): Message => {
  const { added, changed, removed } = files;
  if (tables.length === 0 && added + changed + removed === 0)
    return message`Nothing was entered since the move`;
  const named = tables
    .slice(0, namedMax)
    .map(({ name, before, now }) => `${name} (${before ?? 0} → ${now ?? 0})`);
  const more = tables.length > namedMax ? ', …' : '';
  const rows = tables.length === 0 ? '–' : `${named.join(', ')}${more}`;
  return message`Since the move: tables with other rows ${rows}; files added ${added}, changed ${changed}, removed ${removed}. All of that is in the backup`;
};
