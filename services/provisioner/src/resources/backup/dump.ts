import { type BackupWarning, type ClientEvent, message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import { runInDatabase, type ScriptRun } from '../../on-server/database-script.ts';
import { final } from '../../on-server/failures.ts';
import { insideContainers } from '../../on-server/names.ts';
import { recreateDatabaseSql } from '../../on-server/sql.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { directoryInDatabase, type BackupLocation } from './backup-location.ts';
import { dumpScript } from './scripts/dump-script.ts';
import { loadScript } from './scripts/load-script.ts';
import { parseFacts, scriptArgv, scriptExit } from './scripts/script.ts';
import { warningLines, warningsIn } from './warnings.ts';

type BackedUp = Extract<ClientEvent, { type: 'ClientBackedUp' }>['data'];

/** A dump that was verified by reading it again. */
export interface Dump {
  facts: BackedUp['database'];
  /** Rows of the table `migrations`; -1 without that table. */
  migrations: number;
  /** Objects of the database that do not work, such as a view of a table that is gone. */
  warnings: BackupWarning[];
}

const optionFile = `${insideContainers.databaseSecrets}/client.cnf`;

/** Failure codes for faults of the backup itself. */
export const damageCodes: ScriptRun['codes'] = {
  [scriptExit.missing]: 'backup_missing',
  [scriptExit.damaged]: 'backup_damaged',
  [scriptExit.differs]: 'backup_differs',
  [scriptExit.noDirectory]: 'backups_not_mounted',
  [scriptExit.rowTooLarge]: 'row_too_large',
};

/** Dumps the client's database into the directory of a backup, verifies the dump, and names the objects that do not work, also in the log. */
export const dumpDatabase = async (
  { cloud, names, redact }: ClientOnServer,
  location: BackupLocation,
  deadlineMs: number,
  io: Pick<StepIo, 'signal' | 'output' | 'operationId'>,
): Promise<Dump> => {
  const argv = scriptArgv(dumpScript, [directoryInDatabase(location), names.database, optionFile]);
  const what = message`The dump of database ${names.database}`;
  const run = { what, failureCode: 'backup_failed', codes: damageCodes, redact, deadlineMs };
  const output = await runInDatabase(cloud, { database: names.database, argv }, run, io);
  const facts = parseFacts(output);
  const bytes = Number(facts?.['bytes']);
  const tables = Number(facts?.['tables']);
  const migrations = Number(facts?.['migrations']);
  const sha256 = facts?.['sha256'] ?? '';
  if (![bytes, tables, migrations].every(Number.isSafeInteger) || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw final('backup_failed', message`${what} did not say what it has written`);
  }
  const warnings = warningsIn(output, redact);
  io.output(warningLines(warnings));
  return { facts: { bytes, sha256, tables }, migrations, warnings };
};

/**
 * Makes the client's database anew from a dump, which may be another client's. Checks the dump against its checksum before it changes
 * anything, and counts tables and migrations afterwards. Safe to repeat.
 * @param begun name of a file beside the dump that says whether there was a database; written just before the old one is removed
 * @returns objects that could not be restored or do not work, such as views; also in the log
 */
export const loadDatabase = async (
  { cloud, names, ownerTag, redact }: ClientOnServer,
  location: BackupLocation,
  { facts, migrations }: Pick<Dump, 'facts' | 'migrations'>,
  { deadlineMs, begun }: { deadlineMs: number; begun: string },
  io: Pick<StepIo, 'signal' | 'output' | 'operationId'>,
): Promise<BackupWarning[]> => {
  const { database, databaseUser } = names;
  const directory = directoryInDatabase(location);
  const words = [directory, database, databaseUser, optionFile];
  const expected = [facts.sha256, String(facts.tables), String(migrations), `${directory}/${begun}`];
  const argv = scriptArgv(loadScript, [...words, ...expected]);
  const what = message`The restoration of database ${database}`;
  const run = { what, failureCode: 'restore_failed', codes: damageCodes, redact, deadlineMs };
  const output = await runInDatabase(
    cloud,
    { database, argv, stdin: recreateDatabaseSql(names, ownerTag) },
    run,
    io,
  );
  const warnings = warningsIn(output, redact);
  const refusals = output.split('\n').filter((line) => line.startsWith('said\t'));
  io.output(warningLines(warnings) + refusals.map((line) => `${line.slice(5)}\n`).join(''));
  return warnings;
};
