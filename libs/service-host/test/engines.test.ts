import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadMasterKey } from '@alfa-cloud/secrets';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually, startNatsServer, temporaryDirectory, type NatsServer } from '@alfa-cloud/testing';
import { connectBus, type Bus } from '../src/engines.ts';

let nats: NatsServer;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let lines: { msg: string; scope?: string }[];
const open: Bus[] = [];

beforeEach(async () => {
  [nats, directory] = await Promise.all([startNatsServer(), temporaryDirectory()]);
  lines = [];
});
afterEach(async () => {
  await stop();
  await nats[Symbol.asyncDispose]();
  await directory.remove();
});

const keyFile = async (name: string): Promise<string> => {
  const file = join(directory.path, name);
  await loadMasterKey(file, { create: true });
  return file;
};

/** What a service has of the engines; its error lines are collected. */
const start = async (masterKeyFile: string): Promise<Bus> => {
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const logger = createLogger({ service: 'test', level: 'error', destination: { write } });
  const bus = await connectBus({ natsUrl: nats.url, masterKeyFile }, { name: 'test', logger });
  open.push(bus);
  return bus;
};

const stop = async (): Promise<void> => {
  for (const bus of open.splice(0)) await bus.close();
};

const loseStore = async (): Promise<void> => {
  await nats.kill();
  for (const name of await readdir(nats.directory)) await rm(join(nats.directory, name), { recursive: true });
  await nats.start();
};

const health = async ({ checks }: Bus) => checks['keys']?.();

test('the loss of all keys under a running service is told once in the log, and in its health', async () => {
  const bus = await start(await keyFile('right'));
  await bus.vault.ensureKey('client.a');
  expect(await health(bus)).toBeUndefined();
  await loseStore();
  await eventually('the loss to be told', async () => (await health(bus)) !== undefined);
  const lost = /^NATS has lost the keys of all clients and servers: .*"A lost store of NATS"/;
  expect(await health(bus)).toMatch(lost);
  expect(await health(bus)).toContain(` at ${new Date().toISOString().slice(0, 10)}`);
  expect(lines.filter(({ msg }) => lost.test(msg))).toHaveLength(1);
});

test('after it a start with another master key is refused, as before', async () => {
  const [right, wrong] = [await keyFile('right'), await keyFile('wrong')];
  const bus = await start(right);
  await loseStore();
  await eventually('the loss to be told', async () => (await health(bus)) !== undefined);
  const refusal = async () =>
    start(wrong).then(
      () => null,
      ({ name }: Error) => name,
    );
  await eventually('the new check value', async () => (await refusal()) === 'MasterKeyRefused');
});

test('keys that were lost while all stood still are named as soon as they are needed, until there is a new one', async () => {
  const file = await keyFile('master');
  const before = await start(file);
  const scopes = ['client.a', 'client.b', 'server.c'] as const;
  const sealed: string[] = [];
  for (const scope of scopes) {
    await before.vault.ensureKey(scope);
    sealed.push(await before.vault.seal(scope, 'text'));
  }
  await stop();
  await loseStore();
  const bus = await start(file);
  expect(await health(bus)).toBeUndefined();
  for (const text of [...sealed, ...sealed]) {
    await expect(bus.vault.open(text)).rejects.toMatchObject({ name: 'KeyDestroyed' });
  }
  expect(await health(bus)).toMatch(/any more: client\.a, client\.b, server\.c\. Restore the store/);
  expect(lines.map(({ scope, msg }) => [scope, msg.includes('nobody has destroyed')])).toEqual(
    scopes.map((scope) => [scope, true]),
  );
  await bus.vault.ensureKey('server.c');
  expect(await health(bus)).toMatch(/any more: client\.a, client\.b\. Restore/);
});

test('a key that was destroyed is not a lost one', async () => {
  const bus = await start(await keyFile('master'));
  await bus.vault.ensureKey('client.a');
  const sealed = await bus.vault.seal('client.a', 'text');
  await bus.vault.destroyKey('client.a');
  await expect(bus.vault.open(sealed)).rejects.toMatchObject({ name: 'KeyDestroyed' });
  expect([await health(bus), lines]).toEqual([undefined, []]);
});
