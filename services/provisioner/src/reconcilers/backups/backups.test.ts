import { afterEach, expect, test } from '@jest/globals';
import { CloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  type BackupView,
  type ClientEvent,
  type ClientView,
  type Command,
  message,
  newId,
  streams,
} from '@alfa-cloud/contracts';
import { rejectOperation } from '@alfa-cloud/operations';
import type { CommandSender } from '@alfa-cloud/messaging';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { backupIdOf } from '../../operations/steps/backup.ts';
import { recordedBackup } from '../../resources/backup/recorded-backup.ts';
import { createBackupExpiry } from './backup-expiry.ts';
import { createBackupScheduler } from './backup-schedule.ts';

afterEach(stopRigs);

const hourMs = 3_600_000;
// The server's clock is the real one, and a server whose clock is wrong takes no clients.
const made = new Date();

const awayServer = (cloud: CloudServer): CloudServer => ({
  ...cloud,
  files: {
    ...cloud.files,
    removeDirectory: async () => {
      throw new CloudServerError('transient', 'docker_unreachable', message`away`);
    },
  },
});

const world = async () => {
  let now = made;
  let away = false;
  const cloud = fakeLaboratory();
  const clock = () => now;
  const rig = await startRig({ cloud, clock, creation: inNoTime });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId);
  await rig.send(creation);
  const { clientId } = creation.data;
  const backup = commandOf('BackUpClient', { clientId, kind: 'manual' });
  expect(await rig.send(backup)).toMatchObject({ reply: { outcome: 'accepted' } });
  const backupId = backupIdOf(operationIdOf(backup));
  const sent: Command[] = [];
  const atWork = { accepted: 0, running: 0 };
  const expired: Partial<BackupView>[] = [{ id: backupId, clientId }];
  const pageOf = (views: readonly unknown[], { number, size }: { number: number; size: number }) => ({
    result: {
      items: views.slice((number - 1) * size, number * size),
      total: views.length,
      servers: [],
    } as never,
  });
  const views: Partial<ClientView>[] = [
    {
      id: clientId,
      createdAt: made.toISOString(),
      lastBackupAt: made.toISOString(),
      runningOperationId: null,
    },
  ];
  const deps = {
    store: rig.store,
    // The read models may be behind: they always name the backup.
    queries: querySenderOf({
      ListOperations: async ({ filter }) => ({
        result: { items: [], total: filter.status === 'running' ? atWork.running : atWork.accepted },
      }),
      ListBackups: async ({ page }) => pageOf(expired, page),
      ListClients: async ({ page }) => pageOf(views, page),
    }),
    commands: () =>
      ({
        async send(command: Command) {
          sent.push(command);
          return { kind: 'stored' };
        },
      }) as unknown as CommandSender,
    cloudServers: { of: () => (away ? awayServer(cloud) : cloud), close: async () => {} },
    clock,
    logger: createLogger({ service: 'provisioner', level: 'fatal' }),
    config: { roundMs: 60_000, everyMs: 24 * hourMs },
  };
  const expiry = createBackupExpiry(deps);
  const schedule = createBackupScheduler(deps);
  const keep = async () => {
    await expiry.runOnce();
    await schedule.runOnce();
  };
  return {
    rig,
    cloud,
    clientId,
    backupId,
    sent,
    atWork,
    expired,
    views,
    keep,
    isAway: (is: boolean) => (away = is),
    after: (hours: number) => (now = new Date(made.getTime() + hours * hourMs)),
    files: () => cloud.files.list(`backups/${clientId}/${backupId}`),
    recorded: () => recordedBackup(rig.store, { clientId, backupId }),
  };
};

test('a backup is kept for its time, then its files go and then its record, once', async () => {
  const { rig, cloud, clientId, keep, after, files, recorded } = await world();
  after(14 * 24 - 1);
  await keep();
  expect([(await files())?.length, (await recorded())?.kind]).toEqual([3, 'manual']);
  after(14 * 24 + 1);
  await keep();
  await keep();
  expect([await files(), await recorded()]).toEqual([null, null]);
  // Another backup may be on its way there.
  expect(await cloud.files.list(`backups/${clientId}`)).toEqual([]);
  const { events } = await rig.store.read<ClientEvent>(streams.client(clientId));
  expect(events.filter(({ type }) => type === 'ClientBackupRemoved')).toHaveLength(1);
});

test('a server that is away loses no record', async () => {
  const { isAway, keep, after, recorded } = await world();
  after(15 * 24);
  isAway(true);
  await keep();
  expect(await recorded()).not.toBeNull();
  isAway(false);
  await keep();
  expect(await recorded()).toBeNull();
});

test('a client gets its next backup when the last one is a day old, by one command however often it is asked for', async () => {
  const { clientId, sent, views, keep, after } = await world();
  after(23);
  await keep();
  expect(sent).toEqual([]);
  after(24);
  await keep();
  await keep();
  expect(sent.map(({ name, data }) => [name, data])).toEqual([
    ['BackUpClient', { clientId, kind: 'scheduled' }],
    ['BackUpClient', { clientId, kind: 'scheduled' }],
  ]);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  after(31);
  await keep();
  expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  views[0] = { ...views[0], runningOperationId: 'another operation' };
  await keep();
  expect(sent).toHaveLength(3);
});

test('backups that can not be removed keep no others from being removed', async () => {
  const { clientId, expired, keep, after, recorded } = await world();
  expired.unshift(...Array.from({ length: 150 }, () => ({ id: newId(), clientId })));
  after(15 * 24);
  await keep();
  expect(await recorded()).toBeNull();
});

test('clients whose backups fail again and again keep no others from theirs', async () => {
  const { rig, clientId, sent, views, keep, after } = await world();
  after(24);
  const due = { ...views[0] };
  // These have failed: a client that is unknown can not be backed up.
  views.unshift(...Array.from({ length: 30 }, () => ({ ...due, id: newId() })));
  await keep();
  for (const { id } of sent) {
    const failure = { code: 'failed', reason: 'failed', step: null };
    const cause = { commandId: id, correlationId: id, causationId: id, actor: 'test' };
    await rejectOperation(rig.store, {
      operationId: operationIdOf({ id }),
      command: 'BackUpClient',
      failure,
      cause,
    });
  }
  await keep();
  expect(sent.map(({ data }) => (data as { clientId: string }).clientId)).toContain(clientId);
});

test('no more backups are asked for than may be at work at the same time', async () => {
  const { sent, atWork, views, keep, after } = await world();
  after(24);
  views.push(...Array.from({ length: 30 }, () => ({ ...views[0], id: newId() })));
  Object.assign(atWork, { accepted: 14, running: 6 });
  await keep();
  expect(sent).toEqual([]);
  Object.assign(atWork, { accepted: 14, running: 4 });
  await keep();
  expect(sent).toHaveLength(2);
});

test('nothing is left of the last backup of a deleted client', async () => {
  const { rig, cloud, clientId, keep, after, recorded } = await world();
  await rig.send(commandOf('DeleteClient', { clientId, confirm: 'first', withoutBackup: true }));
  after(15 * 24);
  await keep();
  expect([await recorded(), await cloud.files.list(`backups/${clientId}`)]).toEqual([null, null]);
});

test('a client whose backups were removed in their time leaves no directory of them', async () => {
  const { rig, cloud, clientId, keep, after } = await world();
  after(15 * 24);
  await keep();
  await rig.send(commandOf('DeleteClient', { clientId, confirm: 'first', withoutBackup: true }));
  expect(await cloud.files.list('backups')).toEqual([]);
});
