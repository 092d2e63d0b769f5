import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { afterEach, expect, test } from '@jest/globals';
import { copyWorld, type CopyWorld } from '../../../test/copy-world.ts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import type { ClientSecrets } from '../../domain/client.ts';
import { copyIdOf } from './request-copy.ts';

afterEach(stopRigs);

const empty = {
  containers: ['alfa-database', 'alfa-proxy'],
  volumes: ['alfa-database'],
  networks: ['alfa'],
  databases: [],
  databaseUsers: [],
  clientFiles: [],
  hosts: [],
};

const eventsOf = async ({ rig }: CopyWorld, id: string) =>
  (await rig.store.read<ClientEvent>(streams.client(id))).events;

const secretsOf = async (world: CopyWorld, id: string): Promise<ClientSecrets> => {
  const [first] = await eventsOf(world, id);
  if (first?.type !== 'ClientCreationRequested') throw new Error('no such client');
  return JSON.parse(await world.rig.vault.open(first.data.secrets)) as ClientSecrets;
};

const environmentOf = ({ stage }: CopyWorld, name: string) => stage.engine.containers.get(name)?.spec.env;

test('a copy is a client of its own, with what its source holds but queues, and sends nothing', async () => {
  const world = await copyWorld();
  const { production, stage, clientId, stageId, rig } = world;
  const before = JSON.stringify([...production.disk.files, ...production.database.content]);
  const commandsBefore = production.commands.length;
  const command = world.copying();
  const result = await rig.succeed(command);
  const copyId = copyIdOf(operationIdOf(command));
  expect(result).toMatchObject({
    clientId: copyId,
    sourceClientId: clientId,
    cloud: 'http://first-stage.stage.test:8081',
  });
  expect(await world.onStage()).toEqual({
    containers: ['alfa-database', 'alfa-first-stage', 'alfa-proxy'],
    volumes: ['alfa-database', 'alfa-first-stage-storage'],
    networks: ['alfa', 'alfa-first-stage'],
    databases: ['alfa_first-stage'],
    databaseUsers: ['alfa_first-stage'],
    clientFiles: ['first-stage/client.env', 'first-stage/owner.json', 'first-stage/vhost.conf'],
    hosts: ['first-stage.stage.test'],
  });
  expect(stage.database.content.get('alfa_first-stage')).toBe('patients');
  expect(stage.storage.get('alfa-first-stage-storage')).toBe('files');
  expect(stage.database.settings.get('alfa_first-stage')).toMatchObject({
    expiresAt: '2099-05-06 23:59:59',
    maintenance: false,
  });

  const [own, source] = [await secretsOf(world, copyId), await secretsOf(world, clientId)];
  expect(own.appKey).toBe(source.appKey);
  expect(own.databasePassword).not.toBe(source.databasePassword);
  expect(own.ownerPassword).not.toBe(source.ownerPassword);
  expect(environmentOf(world, 'alfa-first-stage')).toMatchObject({
    APP_ENV: 'staging',
    APP_URL: 'http://first-stage.stage.test:8081',
    APP_KEY: source.appKey,
    DB_PASSWORD: own.databasePassword,
    MAIL_MAILER: 'array',
    ALFA_QUEUE: 'off',
    ALFA_SCHEDULER: 'off',
  });
  expect(production.engine.containers.get('alfa-first')?.spec.env).not.toHaveProperty('MAIL_MAILER');
  expect(stage.inputs.at(-1)).toBe(`owner@first.example\n${own.ownerPassword}\n`);

  expect(JSON.stringify([...production.disk.files, ...production.database.content])).toBe(before);
  expect(production.commands.length).toBe(commandsBefore);
  expect(await eventsOf(world, copyId)).toMatchObject([
    { type: 'ClientCreationRequested', data: { sourceClientId: clientId, serverId: stageId } },
    { type: 'ClientCreated', data: { imageId: 'sha256:alfa/client:1' } },
  ]);
  expect((await eventsOf(world, clientId)).at(-1)).toMatchObject({
    type: 'ClientCopied',
    data: { copyId, slug: 'first-stage', serverId: stageId, again: false },
  });
});

test('nothing runs there before queues are cleared and the data masked by the account of the copy', async () => {
  const seen: string[] = [];
  const world = await copyWorld({
    stage: {
      onStart: (name) => {
        if (name !== 'alfa-first-stage') return;
        seen.push(...world.stage.database.ownSql.map(({ account }) => account));
        seen.push(world.stage.database.content.get('alfa_first-stage') ?? '');
      },
    },
  });
  const maskingSql = await world.sealed('MASK patients\n');
  expect(await world.send(world.copying({ maskingSql }))).toBe('ok');
  expect(seen).toEqual(['alfa_first-stage', 'alfa_first-stage', '']);
});

test('SQL that the database refuses is told without its text, and leaves nothing behind', async () => {
  const world = await copyWorld();
  const command = world.copying({ maskingSql: await world.sealed('REFUSED secret-of-masking') });
  expect(await world.send(command)).toBe('masking_failed');
  expect(await world.onStage()).toEqual(empty);
  const story = await world.rig.story(operationIdOf(command));
  expect(story).toContain('ERROR 1064 (42000) at line 1');
  expect(JSON.stringify(world.rig.store.all().map(({ data }) => data))).not.toContain('secret-of-masking');
  // Its slug and its place are free again.
  expect(await world.send(world.copying())).toBe('ok');
});

test.each([
  ['production', 'server_not_stage'],
  ['build', 'server_not_stage'],
] as const)('a server of role %s takes no copies, and the answer names its role', async (role, code) => {
  const world = await copyWorld({ role });
  const { reply } = await world.rig.send(world.copying());
  expect(reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code, parameter: 'targetServer', meta: { role }, detail: expect.stringContaining(role) }],
  });
});

test('slugs are checked as those of a creation, and told as parameters', async () => {
  const world = await copyWorld();
  for (const [slug, code] of [
    ['admin', 'slug_reserved'],
    ['first', 'slug_taken'],
  ] as const) {
    const { reply } = await world.rig.send(world.copying({ slug }));
    expect(reply).toMatchObject({ faults: [{ code, parameter: 'slug' }] });
  }
  expect(await world.send(world.copying({ slug: 'trial' }))).toBe('ok');
});

test('only a client in use is copied, whose data nobody changes at the time', async () => {
  const world = await copyWorld();
  expect(await world.send(world.copying({ clientId: world.stageId }))).toEqual(['not_found']);
  const release = Promise.withResolvers<void>();
  const busy = await copyWorld({ onRead: () => release.promise });
  const copying = busy.rig.send(busy.copying());
  expect(await busy.send(busy.copying({ slug: 'other' }))).toEqual(['operation_in_progress']);
  release.resolve();
  await copying;
  await world.rig.succeed(commandOf('DeleteClient', { clientId: world.clientId, confirm: 'first' }));
  expect(await world.send(world.copying())).toEqual(['gone']);
});

test('data that an operation has changed meanwhile are read again', async () => {
  let reads = 0;
  const world = await copyWorld({
    async onRead() {
      reads += 1;
      const { clientId } = world;
      if (reads === 1) await world.rig.succeed(commandOf('MigrateClient', { clientId }));
    },
  });
  expect(await world.send(world.copying())).toBe('ok');
  expect(reads).toBe(2);
});

test('each of the two is deleted without the other, and a copy can be made again', async () => {
  const world = await copyWorld();
  const { rig, production, stage, clientId } = world;
  const first = world.copying();
  await rig.succeed(first);
  const copyId = copyIdOf(operationIdOf(first));
  await rig.succeed(commandOf('DeleteClient', { clientId: copyId, confirm: 'first-stage' }));
  expect(await world.onStage()).toEqual(empty);
  expect(production.engine.containers.get('alfa-first')?.status).toBe('running');
  expect(await world.send(world.copying())).toBe('ok');
  await rig.succeed(commandOf('DeleteClient', { clientId, confirm: 'first' }));
  expect(stage.engine.containers.get('alfa-first-stage')?.status).toBe('running');
});
