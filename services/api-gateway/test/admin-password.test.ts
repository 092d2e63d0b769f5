import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Buckets, connectMessaging, type Messaging } from '@alfa-cloud/messaging';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { hashPassword, openAdminCredentials, verifyPassword } from '@alfa-cloud/secrets';
import { createLogger, systemClock } from '@alfa-cloud/service-kit';
import { type NatsServer, startNatsServer } from '@alfa-cloud/testing';
import { createStoredCredentials } from '../src/adapters/stored-credentials.ts';
import { basic, codesOf, gatewaysOfTest, login, password } from './support.ts';

const start = gatewaysOfTest();
const logger = createLogger({ service: 'test', level: 'silent' });

const change = (attributes: Record<string, unknown> = {}) => ({
  body: {
    data: {
      type: 'cloud-admin-passwords',
      attributes: { currentPassword: password, newPassword: 'Correct-Horse-8', ...attributes },
    },
  },
});
const path = '/cloud_admin_password';

test('the command carries the hash, sealed, and the revision that was checked; never a password', async () => {
  const gateway = await start();
  const reply = await gateway.send(path, change({ login: 'chief' }));
  expect([reply.status, reply.text, reply.headers['alfa-position']]).toEqual([204, '', '4711']);
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({ name: 'ChangeAdminCredentials', data: { login: 'chief', basedOn: 1 } });
  const sealed = command?.name === 'ChangeAdminCredentials' ? (command.data as { hash: string }).hash : '';
  expect(await verifyPassword('Correct-Horse-8', await inMemoryVault().open(sealed))).toBe(true);
  const told = JSON.stringify([gateway.commands.sent, gateway.lines]);
  for (const secret of [password, 'Correct-Horse-8']) expect(told).not.toContain(secret);
});

test('a wrong current password is told with its place, and guessing it is slowed down', async () => {
  const gateway = await start();
  const guess = () => gateway.send(path, change({ currentPassword: 'a guess' }));
  const first = await guess();
  expect([first.status, ...codesOf(first)]).toEqual([422, 'current_password_wrong']);
  expect(first.json.errors).toMatchObject([{ source: { pointer: '/data/attributes/currentPassword' } }]);
  for (let further = 0; further < 5; further += 1) await guess();
  const last = await guess();
  expect([last.status, ...codesOf(last)]).toEqual([429, 'too_many_attempts']);
  expect((await gateway.send(path, change())).status).toBe(429);
  expect(gateway.commands.sent).toEqual([]);
});

test('a weak password is refused with every reason', async () => {
  const gateway = await start();
  const reply = await gateway.send(path, change({ newPassword: 'aaaa' }));
  expect([reply.status, ...codesOf(reply)]).toEqual([422, 'password_too_weak', 'password_too_weak']);
  expect(reply.json.errors).toMatchObject([{ source: { pointer: '/data/attributes/newPassword' } }, {}]);
  expect(gateway.commands.sent).toEqual([]);
});

test.each([
  ['without the current password', { currentPassword: undefined }, 'required'],
  ['with a login that Basic authentication cuts', { login: 'a:b' }, 'validation_failed'],
  ['with an attribute that is not known', { password: 'x' }, 'unknown_attribute'],
])('%s', async (_what, attributes, code) => {
  const gateway = await start();
  const reply = await gateway.send(path, change(attributes));
  expect([reply.status, ...codesOf(reply)]).toEqual([422, code]);
});

test('changed by somebody else meanwhile: 409', async () => {
  const gateway = await start({
    answer: ({ fingerprint }) => ({
      outcome: 'rejected',
      fingerprint,
      faults: [{ code: 'credentials_changed_meanwhile', detail: 'in words' }],
    }),
  });
  expect((await gateway.send(path, change())).status).toBe(409);
});

test('who can not be checked is not let in, and not blamed', async () => {
  const gateway = await start({
    upToDate: async () => {
      throw new Error('NATS is away');
    },
  });
  const reply = await gateway.send('/clients');
  expect([reply.status, ...codesOf(reply)]).toEqual([503, 'unavailable']);
  expect((await gateway.send('/health/live')).status).toBe(200);
});

test('a change that nobody has told this gateway of yet is in force all the same', async () => {
  let look = (): void => undefined;
  const gateway = await start({ upToDate: async () => look() });
  expect((await gateway.send('/clients')).status).toBe(200);
  const hash = await hashPassword('another one');
  look = () => gateway.changeCredentials({ login, hash });
  expect((await gateway.send('/clients')).status).toBe(401);
});

describe('two gateways on one NATS', () => {
  let nats: NatsServer;
  const connections: Messaging[] = [];
  beforeAll(async () => {
    nats = await startNatsServer();
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await nats[Symbol.asyncDispose]();
  });

  const buckets = async (): Promise<Buckets> => {
    const messaging = await connectMessaging({ url: nats.url, name: 'test', logger });
    connections.push(messaging);
    return messaging.buckets;
  };

  test('the old password is refused by both at once, ten times over', async () => {
    const stores = await Promise.all(
      [1, 2].map(async () => {
        const store = createStoredCredentials({
          buckets: await buckets(),
          first: async () => ({ login, password }),
          onFirstPassword: () => undefined,
          onPutBack: () => undefined,
          onNotPutBack: () => undefined,
          clock: systemClock,
        });
        await store.open();
        return store;
      }),
    );
    const bucket = await openAdminCredentials(await buckets());
    const vault = inMemoryVault();
    const gateways = await Promise.all(
      stores.map((credentials) =>
        start({
          credentials,
          // What the provisioner does with the command, see its change-admin-credentials.test.ts.
          answer: async ({ id, data, fingerprint }) => {
            const { login: name, hash, basedOn } = data as { login: string; hash: string; basedOn: number };
            const next = { login: name, hash: await vault.open(hash), changedAt: 'now', changeId: id };
            expect(await bucket.replace(next, basedOn)).toBe(true);
            return { outcome: 'accepted', fingerprint, ids: {}, position: '4711' };
          },
        }),
      ),
    );
    let current = password;
    const as = (secret: string) => ({ headers: { authorization: basic(login, secret) } });
    for (let round = 0; round < 10; round += 1) {
      const next = `Correct-Horse-${round}`;
      for (const gateway of gateways) expect((await gateway.send('/clients', as(current))).status).toBe(200);
      const changed = await gateways[round % 2]?.send(path, {
        ...change({ currentPassword: current, newPassword: next }),
        ...as(current),
      });
      expect(changed?.status).toBe(204);
      // Both are known to have verified the old one a moment ago: only a look at what is in force tells them.
      const old = await Promise.all(gateways.map((gateway) => gateway.send('/clients', as(current))));
      expect(old.map(({ status }) => status)).toEqual([401, 401]);
      const fresh = await Promise.all(gateways.map((gateway) => gateway.send('/clients', as(next))));
      expect(fresh.map(({ status }) => status)).toEqual([200, 200]);
      current = next;
    }
    for (const store of stores) store.close();
  });
});
