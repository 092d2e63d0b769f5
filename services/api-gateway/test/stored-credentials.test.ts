import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { CREDENTIALS_BUCKET } from '@alfa-cloud/contracts';
import { Kvm } from '@nats-io/kv';
import { connectMessaging } from '@alfa-cloud/messaging';
import { hashPassword, verifyPassword } from '@alfa-cloud/secrets';
import { createLogger, systemClock } from '@alfa-cloud/service-kit';
import { eventually, type NatsServer, startNatsServer } from '@alfa-cloud/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createStoredCredentials } from '../src/adapters/stored-credentials.ts';

let nats: NatsServer;
const connections: NatsConnection[] = [];
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  nats = await startNatsServer();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  const bucket = await bucketOf(await connection());
  await bucket.destroy();
  await Promise.all(connections.splice(0).map((open) => open.close()));
});
afterAll(async () => nats[Symbol.asyncDispose]());

const connection = async (): Promise<NatsConnection> => {
  const open = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  connections.push(open);
  return open;
};

const bucketOf = (open: NatsConnection) => new Kvm(open).create(CREDENTIALS_BUCKET);

const open = async (first: { login: string; password?: string }) => {
  const told: string[] = [];
  let putBacks = 0;
  const logger = createLogger({ service: 'test', level: 'silent' });
  const messaging = await connectMessaging({ url: nats.url, name: 'test', logger });
  const store = createStoredCredentials({
    buckets: messaging.buckets,
    first: async () => first,
    onFirstPassword: (_login, password) => told.push(password),
    clock: systemClock,
    onPutBack: () => (putBacks += 1),
    onNotPutBack: (error) => told.push(String(error)),
  });
  await store.open();
  ends.push(
    () => store.close(),
    () => messaging.close(),
  );
  return { store, told, putBacks: () => putBacks };
};

test('a first password is made and told once, to the one gateway that made it', async () => {
  const opened = await Promise.all(Array.from({ length: 3 }, () => open({ login: 'admin' })));
  const told = opened.flatMap((one) => one.told);
  expect(told).toHaveLength(1);
  expect(told[0]?.length).toBeGreaterThanOrEqual(20);
  for (const { store } of opened) {
    const credentials = store.current();
    expect(credentials?.login).toBe('admin');
    expect(await verifyPassword(told[0] ?? '', credentials?.hash ?? '')).toBe(true);
  }
  expect((await open({ login: 'other', password: 'of the config' })).store.current()?.login).toBe('admin');
});

test('a password of the configuration is stored as a hash and never told', async () => {
  const { store, told } = await open({ login: 'chief', password: 'CANARY' });
  expect(told).toEqual([]);
  expect(await verifyPassword('CANARY', store.current()?.hash ?? '')).toBe(true);
  const entry = await (await bucketOf(await connection())).get('admin');
  expect(entry?.string()).not.toContain('CANARY');
});

const change = async (login: string): Promise<void> => {
  const bucket = await bucketOf(await connection());
  await bucket.put('admin', JSON.stringify({ login, hash: await hashPassword('x'), changedAt: 'now' }));
};

test('a change reaches everybody, also after NATS was away', async () => {
  const { store } = await open({ login: 'admin', password: 'x' });
  let changes = 0;
  store.onChange(() => (changes += 1));
  await change('second');
  await eventually('the change', () => store.current()?.login === 'second');
  expect(changes).toBe(1);
  await nats.kill();
  await nats.start();
  await change('third');
  await eventually('the change after the restart', () => store.current()?.login === 'third');
});

test('a value that nobody understands locks everybody out', async () => {
  const { store } = await open({ login: 'admin', password: 'x' });
  await (await bucketOf(await connection())).put('admin', '{"login": "admin"}');
  await eventually('the change', () => store.current() === null);
});

test('credentials that NATS has lost are stored again by the gateways that know them, and changes go on', async () => {
  const first = { login: 'admin', password: 'a first password' };
  const [one, other] = [await open(first), await open(first)];
  await (await bucketOf(await connection())).destroy();
  await Promise.all([one.store.upToDate(), other.store.upToDate()]);
  await eventually('one to have put them back', () => one.putBacks() + other.putBacks() > 0);
  for (const { store } of [one, other]) {
    expect(await verifyPassword(first.password, store.current()?.hash ?? '')).toBe(true);
  }
  const bucket = await bucketOf(await connection());
  const stored = await bucket.get('admin');
  const next = { login: 'chief', hash: await hashPassword('another'), changedAt: 'now' };
  await bucket.update('admin', JSON.stringify(next), stored?.revision ?? 0);
  for (const { store } of [one, other]) {
    await store.upToDate();
    expect(store.current()?.login).toBe('chief');
  }
  expect((await open({ login: 'admin' })).told).toEqual([]);
});
