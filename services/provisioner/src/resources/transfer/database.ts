import { type BackupWarning, message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { runsEnded } from '../../on-server/command.ts';
import { runSql } from '../../on-server/database.ts';
import { scriptOf } from '../../on-server/database-script.ts';
import { endCommand, tagOf } from '../../on-server/end-command.ts';
import { final, nameOccupied } from '../../on-server/failures.ts';
import { insideContainers, serverNames } from '../../on-server/names.ts';
import { recreateDatabaseSql } from '../../on-server/sql.ts';
import { scriptArgv, type Script } from '../backup/scripts/script.ts';
import { warningLines, warningsIn } from '../backup/warnings.ts';
import { clientDatabase } from '../database/client-database.ts';
import { runBetween, type Side } from './between.ts';
import { dumpOutScript, loadInScript } from './scripts/database-scripts.ts';
import { assertJoined, numbersOf, type TransferIo } from './transfer-script.ts';

export interface DatabaseCopied {
  tables: number;
  /** Bytes that were sent, packed. */
  bytes: number;
  /** Objects that could not be brought over, or do not work on either side, such as views of tables that are gone. */
  warnings: BackupWarning[];
}

const optionFile = `${insideContainers.databaseSecrets}/client.cnf`;
const killAfterS = 5;
const slackMs = 20_000;
/** The indexes of a large table are made without a byte in between. */
const idleMs = 3_600_000;

/**
 * Makes the target's database what the source's is: a dump that is loaded as it comes, with no file on either side. The target's is made anew
 * first. All or nothing: after a failure it is empty, as far as its server can be reached; after a crash the next attempt empties it.
 * Definers become the client's account, as in a restoration. To be of one moment, nobody may write at the source meanwhile.
 * @throws StepFailure `name_occupied` when the target's database is somebody else's
 */
export const copyDatabase = async (
  from: ClientOnServer,
  to: ClientOnServer,
  { deadlineMs }: { deadlineMs: number },
  io: TransferIo & Pick<StepIo, 'output' | 'operationId'>,
): Promise<DatabaseCopied> => {
  const { signal, operationId } = io;
  const { database } = await clientDatabase(to).inspect({ signal });
  if (database === 'foreign') throw nameOccupied(message`Database ${to.names.database}`);
  for (const side of [from, to]) await formerEnded(side, operationId, signal);
  const empty = async (options: { signal?: AbortSignal }) =>
    void (await runSql(to.cloud, recreateDatabaseSql(to.names, to.ownerTag), to.redact, options));
  await empty({ signal });
  try {
    return await dumpAndLoad(from, to, deadlineMs, io);
  } catch (error) {
    // Neither may go on alone, whoever is at work next; what can't be reached is ended by the next attempt.
    await Promise.allSettled([from, to].map((side) => endCommand(side.cloud, commandOf(side, operationId))));
    await empty({}).catch(() => undefined);
    throw error;
  }
};

const dumpAndLoad = async (
  from: ClientOnServer,
  to: ClientOnServer,
  deadlineMs: number,
  {
    signal,
    operationId,
    onProgress,
    output,
    lowPriority,
  }: TransferIo & Pick<StepIo, 'output' | 'operationId'>,
): Promise<DatabaseCopied> => {
  const what = message`Bringing over database ${from.names.database}`;
  const side = (client: ClientOnServer, script: Script, words: readonly string[]): Side => ({
    cloud: client.cloud,
    container: serverNames.database,
    argv: [
      'timeout',
      `--kill-after=${killAfterS}`,
      String(Math.ceil(deadlineMs / 1000)),
      ...scriptArgv(script, words),
    ],
    env: tagOf(commandOf(client, operationId)),
  });
  let bytes = 0;
  const joined = await runBetween(
    side(from, dumpOutScript, [from.names.database, optionFile]),
    side(to, loadInScript, [to.names.database, to.names.databaseUser, optionFile]),
    {
      signal,
      idleMs,
      lowPriority,
      deadlineMs: deadlineMs + killAfterS * 1000 + slackMs,
      onProgress(passed) {
        bytes = passed;
        onProgress?.(passed);
      },
    },
  );
  assertJoined(what, joined, from, to);
  const said = joined.source?.stderr ?? '';
  const { tables } = numbersOf(what, said, ['tables']);
  const { tables: loaded } = numbersOf(what, joined.sink.stdout, ['tables']);
  if (tables !== loaded) {
    throw final(
      'transfer_differs',
      message`Database ${to.names.database} has ${loaded} tables after the transfer, the source has ${tables}`,
    );
  }
  const warnings = warningsIn(joined.sink.stdout, to.redact);
  output(warningLines(warnings));
  return { tables, bytes, warnings };
};

const commandOf = ({ names }: ClientOnServer, operationId: string) => scriptOf(names.database, operationId);

/** Ends what a worker that died has left, which nobody reads any more, and waits for other scripts on the database. */
const formerEnded = async (
  client: ClientOnServer,
  operationId: string,
  signal: AbortSignal,
): Promise<void> => {
  const command = commandOf(client, operationId);
  await endCommand(client.cloud, command);
  await runsEnded(client.cloud, command.container, command.isMeant, signal);
};
