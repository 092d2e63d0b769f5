import { message } from '@alfa-cloud/contracts';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { StepIo } from '@alfa-cloud/operations';
import { scriptFailure } from '../../on-server/database-script.ts';
import { endCommand, tagOf, type TaggedCommand } from '../../on-server/end-command.ts';
import { final } from '../../on-server/failures.ts';
import { serverNames, serverPaths } from '../../on-server/names.ts';
import {
  directoryInDatabase,
  directoryOf,
  manifestOf,
  type BackupLocation,
} from '../backup/backup-location.ts';
import { damageCodes } from '../backup/dump.ts';
import { manifestFile, readManifest } from '../backup/manifest.ts';
import { scriptArgv, type Script } from '../backup/scripts/script.ts';
import { runBetween, type Side } from './between.ts';
import { backupInScript, backupOutScript } from './scripts/backup-scripts.ts';
import { scriptMs, type TransferIo } from './transfer-script.ts';

/**
 * Brings the files of a backup to another server, through the containers of both databases. It counts as there once its manifest is, which
 * comes last: until then all of it can be thrown away. No-op when it is there. May be repeated after any end.
 * @throws StepFailure final `backup_missing`, `backup_damaged` when a file is not what the manifest says, `disk_full`
 */
export const copyBackup = async (
  from: CloudServer,
  to: CloudServer,
  location: BackupLocation,
  io: TransferIo & Pick<StepIo, 'operationId'>,
): Promise<void> => {
  const { signal, operationId, onTotal, onProgress } = io;
  if ((await readManifest(to, location, { signal })) !== null) return;
  const manifest = await readManifest(from, location, { signal });
  const text = await manifestFile(from, location, { signal });
  if (manifest === null || text === null)
    throw final('backup_missing', message`Backup ${location.backupId} has no readable manifest`);
  const files = [
    { name: 'database.sql.gz', sha256: manifest.database.sha256 },
    ...(manifest.storage === null ? [] : [{ name: 'storage.tar.gz', sha256: manifest.storage.sha256 }]),
  ];
  await to.files.createDirectory(serverPaths.backups, { signal, mode: 0o700 });
  await to.files.createDirectory(directoryOf(location), { signal, mode: 0o700 });
  const directory = directoryInDatabase(location);
  const command: TaggedCommand = {
    container: serverNames.database,
    tag: operationId,
    isMeant: (words) => words.includes(directory),
    mayRestart: false,
  };
  const side = (cloud: CloudServer, script: Script, words: readonly string[]): Side => ({
    cloud,
    container: serverNames.database,
    argv: scriptArgv(script, [directory, ...words]),
    env: tagOf(command),
  });
  // What a worker that died has left would write into the same directory.
  for (const cloud of [from, to]) await endCommand(cloud, command);
  const source = side(
    from,
    backupOutScript,
    files.map(({ name }) => name),
  );
  const sink = side(
    to,
    backupInScript,
    files.flatMap(({ name, sha256 }) => [name, sha256]),
  );
  onTotal?.(manifest.database.bytes + (manifest.storage?.bytes ?? 0));
  try {
    const joined = await runBetween(source, sink, { signal, deadlineMs: scriptMs, onProgress });
    for (const result of [joined.source, joined.sink]) {
      if (result === null || result.exitCode === 0) continue;
      const what = message`Bringing over backup ${location.backupId}`;
      const run = {
        what,
        failureCode: 'transfer_failed',
        codes: damageCodes ?? {},
        redact: (said: string) => said,
      };
      throw scriptFailure({ ...run, deadlineMs: scriptMs }, { stdout: '', ...result });
    }
  } catch (error) {
    await Promise.allSettled([from, to].map((cloud) => endCommand(cloud, command)));
    throw error;
  }
  await to.files.writeAtomic(manifestOf(location), text, { signal, mode: 0o600 });
};
