import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { type ClientEvent, message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import { isForClient } from '@alfa-cloud/servers';
import { scriptFailure, type ScriptRun } from '../../on-server/database-script.ts';
import { final, nameOccupied } from '../../on-server/failures.ts';
import { insideContainers, serverNames } from '../../on-server/names.ts';
import { storagePlan } from '../../on-server/plans.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { directoryOf, type BackupLocation } from './backup-location.ts';
import { damageCodes } from './dump.ts';
import type { BackupDeps } from './recorded-backup.ts';
import { parseFacts, scriptArgv } from './scripts/script.ts';
import { packScript, unpackScript } from './scripts/storage-scripts.ts';

type BackedUp = Extract<ClientEvent, { type: 'ClientBackedUp' }>['data'];
export type StorageFacts = NonNullable<BackedUp['storage']>;

export interface StorageRun {
  /** Used when there is no database container whose image could be used. It has the programs that the scripts need. */
  image: string;
  operationId: string;
  deadlineMs: number;
}

export const storageRun = (
  { databaseImage, backups }: Pick<BackupDeps, 'databaseImage' | 'backups'>,
  operationId: string,
): StorageRun => ({ image: databaseImage, operationId, deadlineMs: backups.deadlineMs });

const outputLines = 20;

/** Packs the client's volume into the directory of a backup; null without a volume. */
export const packStorage = async (
  client: ClientOnServer,
  location: BackupLocation,
  run: StorageRun,
  io: Pick<StepIo, 'signal'>,
): Promise<StorageFacts | null> => {
  const { cloud, names } = client;
  const volume = await cloud.docker.volume(names.volume, { signal: io.signal });
  // Docker would make a missing volume without an error.
  if (volume === null) return null;
  if (!isForClient(client.client.id, volume.labels)) throw nameOccupied(message`Volume ${names.volume}`);
  const what = message`Packing the storage of ${names.host}`;
  const argv = scriptArgv(packScript, [insideContainers.backups, insideContainers.storage]);
  const output = await runOnce(client, location, argv, { ...run, what, failureCode: 'backup_failed' }, io);
  const facts = parseFacts(output);
  const [bytes, files] = [Number(facts?.['bytes']), Number(facts?.['files'])];
  const sha256 = facts?.['sha256'] ?? '';
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(files) || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw final('backup_failed', message`${what} did not say what it has written`);
  }
  return { bytes, sha256, files };
};

/** Makes the client's volume what a backup holds. The client's container must be stopped. Safe to repeat. */
export const unpackStorage = async (
  client: ClientOnServer,
  location: BackupLocation,
  { sha256, files }: StorageFacts,
  run: StorageRun,
  io: Pick<StepIo, 'signal'>,
): Promise<void> => {
  const words = [insideContainers.backups, insideContainers.storage, sha256, String(files)];
  const what = message`Unpacking the storage of ${client.names.host}`;
  const named = { ...run, what, failureCode: 'restore_failed' };
  await runOnce(client, location, scriptArgv(unpackScript, words), named, io);
};

/** Removes the container that packs or unpacks, which a crashed worker may have left behind. */
export const removeStorageContainer = async (
  { cloud, names, client }: ClientOnServer,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<void> => {
  const found = await cloud.docker.container(names.storageContainer, { signal });
  if (found === null) return;
  if (!isForClient(client.id, found.labels)) throw nameOccupied(message`Container ${names.storageContainer}`);
  await cloud.docker.removeContainer(names.storageContainer, { signal });
};

const runOnce = async (
  client: ClientOnServer,
  location: BackupLocation,
  argv: readonly string[],
  run: StorageRun & Pick<ScriptRun, 'what' | 'failureCode'>,
  io: Pick<StepIo, 'signal'>,
): Promise<string> => {
  const { cloud, names, origin, redact } = client;
  const { signal } = io;
  const name = names.storageContainer;
  await removeStorageContainer(client, io);
  // The configured image may be newer than the one that the server's database was made from, and is then not on the server.
  const database = await cloud.docker.container(serverNames.database, { signal });
  const plan = storagePlan({
    image: database?.imageId ?? run.image,
    argv,
    volume: names.volume,
    directory: cloud.files.absolute(directoryOf(location)),
    origin: { ...origin, operationId: run.operationId },
  });
  await cloud.docker.createContainer(name, plan, { signal });
  await cloud.docker.startContainer(name, { signal });
  const { exitCode } = await cloud.docker
    .waitContainer(name, { signal, deadlineMs: run.deadlineMs })
    .catch(async (error: unknown) => {
      if (!isCloudServerError(error) || error.code !== 'deadline_exceeded') throw error;
      await removeStorageContainer(client, io);
      throw final(run.failureCode, message`${run.what} did not end within ${run.deadlineMs / 1000} s`);
    });
  const output = await cloud.docker.lastLines(name, outputLines, { signal });
  await cloud.docker.removeContainer(name, { signal });
  if (exitCode === 0) return output;
  throw scriptFailure({ ...run, codes: damageCodes ?? {}, redact }, { exitCode, stdout: output, stderr: '' });
};
