import { afterEach, expect, test } from '@jest/globals';
import { newId } from '@alfa-cloud/contracts';
import { clientDatabase } from '../database/client-database.ts';
import { volume } from '../volume/volume.ts';
import { loadClientOnServer, type ClientOnServer } from '../../on-server/client-on-server.ts';
import { fakeLaboratory, type FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { inNoTime, startRig, stopRigs } from '../../../test/rig.ts';
import { copyDatabase } from './database.ts';
import { measureClient } from './measure.ts';
import { copyStorage, verifyStorage } from './storage.ts';
import { removeTransferContainer } from './transfer-container.ts';
import { differences, verifyDatabase } from './verify-database.ts';

afterEach(stopRigs);

const operationId = newId();
const io = { signal: new AbortController().signal, operationId, output: () => undefined };
const database = 'alfa_first';
const storage = 'alfa-first-storage';

/** A client at home on one server in memory, and with an empty volume and database on another. */
const world = async (options: FakeLaboratoryOptions = {}) => {
  const here = fakeLaboratory(options);
  const there = fakeLaboratory();
  const rig = await startRig({ cloud: here, creation: inNoTime });
  const registration = rig.registration();
  await rig.succeed(registration);
  const target = await startRig({ cloud: there, creation: inNoTime });
  await target.succeed(target.registration());
  const creation = await rig.creation(registration.data.serverId);
  await rig.succeed(creation);
  const cloudServers = { of: () => here, close: async () => {} };
  const from = await loadClientOnServer({ ...rig, cloudServers }, creation.data.clientId);
  const to: ClientOnServer = { ...from, cloud: there };
  await volume(there, to.names.volume, to.origin).ensure({});
  await clientDatabase(to).ensure({});
  here.database.content.set(database, 'data');
  here.storage.set(storage, 'files');
  return { here, there, from, to };
};

test('storage and database come over, are verified, and nothing is left running', async () => {
  const { here, there, from, to } = await world();
  const before = [...there.engine.containers.keys()];
  expect(await copyStorage(from, to, { operationId, pass: 'first' }, io)).toMatchObject({ sent: 1 });
  expect(await copyStorage(from, to, { operationId, pass: 'last' }, io)).toMatchObject({ sent: 0 });
  expect(await verifyStorage(from, to, io)).toEqual({ names: 1, bytes: 5 });
  expect(await copyDatabase(from, to, { deadlineMs: 1000 }, io)).toMatchObject({ tables: 3, warnings: [] });
  expect(await verifyDatabase(from, to, io)).toEqual({ tables: 2, rows: 2 });
  expect(there.storage.get(storage)).toBe('files');
  expect(there.database.content.get(database)).toBe('data');
  expect(there.database.settings.get(database)).toEqual(here.database.settings.get(database));
  for (const side of [from, to]) await removeTransferContainer(side, io);
  expect([...there.engine.containers.keys()]).toEqual(before);
});

test('what differs afterwards is a failure', async () => {
  const { there, from, to } = await world();
  await copyStorage(from, to, { operationId, pass: 'last' }, io);
  there.storage.set(storage, 'other');
  await expect(verifyStorage(from, to, io)).rejects.toMatchObject({ code: 'transfer_differs' });
  await copyDatabase(from, to, { deadlineMs: 1000 }, io);
  there.database.content.set(database, 'other');
  await expect(verifyDatabase(from, to, io)).rejects.toMatchObject({ code: 'transfer_differs' });
});

test('settings that Alfa Cloud has changed since are no difference', async () => {
  const { here, from, to } = await world();
  await copyDatabase(from, to, { deadlineMs: 1000 }, io);
  Object.assign(here.database.settings.get(database) ?? {}, { expiresAt: '2099-01-01 00:00:00' });
  expect(await verifyDatabase(from, to, io)).toEqual({ tables: 2, rows: 2 });
});

test('a dump that fails leaves an empty database and says why', async () => {
  const script = (name: string) =>
    name === 'alfa-dump-out' ? { exitCode: 1, stdout: '["half",null]', stderr: 'ERROR 1814' } : undefined;
  const { there, from, to } = await world({ script });
  there.database.content.set(database, 'old');
  const failure = copyDatabase(from, to, { deadlineMs: 1000 }, io);
  await expect(failure).rejects.toMatchObject({
    code: 'transfer_failed',
    message: expect.stringContaining('ERROR 1814'),
  });
  expect(there.database.content.get(database)).toBeUndefined();
  expect(there.database.databases.get(database)).toBe(to.ownerTag);
});

test('what belongs to somebody else is left alone', async () => {
  const { there, from, to } = await world();
  there.database.databases.set(database, 'another');
  there.engine.volumes.set(storage, {});
  const occupied = { code: 'name_occupied' };
  await expect(copyDatabase(from, to, { deadlineMs: 1000 }, io)).rejects.toMatchObject(occupied);
  await expect(copyStorage(from, to, { operationId, pass: 'first' }, io)).rejects.toMatchObject(occupied);
  there.engine.volumes.delete(storage);
  await expect(copyStorage(from, to, { operationId, pass: 'first' }, io)).rejects.toMatchObject({
    code: 'storage_missing',
  });
});

test('a container that another operation has left is made anew', async () => {
  const { there, from, to } = await world();
  await copyStorage(from, to, { operationId: newId(), pass: 'first' }, io);
  const former = there.engine.containers.get(to.names.transferContainer)?.id;
  await copyStorage(from, to, { operationId, pass: 'first' }, io);
  const own = there.engine.containers.get(to.names.transferContainer)?.id;
  expect(own).not.toBe(former);
  await copyStorage(from, to, { operationId, pass: 'last' }, io);
  expect(there.engine.containers.get(to.names.transferContainer)?.id).toBe(own);
});

test('a client is measured without a trace', async () => {
  const { here, from } = await world();
  const before = [...here.engine.containers.keys()];
  expect(await measureClient(from, io)).toEqual({
    database: { bytes: 4, tables: 1 },
    storage: { bytes: 5, files: 1 },
    obstacles: [],
  });
  expect([...here.engine.containers.keys()]).toEqual(before);
});

test('tables that differ are told with what of them does', () => {
  const sums = (entries: [string, number, string][]) =>
    new Map(entries.map(([name, rows, checksum]) => [name, { rows, checksum }]));
  const source = sums([
    ['b', 1, 'x'],
    ['a', 1, 'x'],
    ['same', 1, 'x'],
  ]);
  const target = sums([
    ['a', 2, 'x'],
    ['b', 1, 'y'],
    ['c', 0, '0'],
    ['same', 1, 'x'],
  ]);
  expect(differences(source, target)).toEqual([
    'a (1 and 2 rows)',
    'b (other values)',
    'c (only on one side)',
  ]);
});
