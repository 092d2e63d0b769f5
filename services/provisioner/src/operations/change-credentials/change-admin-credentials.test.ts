import { expect, test } from '@jest/globals';
import { streams } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { deliver } from '@alfa-cloud/messaging/testing';
import type { AdminCredentials, AdminCredentialsStore } from '@alfa-cloud/secrets';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { commandOf } from '../../../test/rig.ts';
import { changeAdminCredentialsHandler } from './change-admin-credentials.ts';

const start = () => {
  const store = inMemoryEventStore();
  const vault = inMemoryVault();
  let at: { revision: number; credentials: AdminCredentials | null } = {
    revision: 7,
    credentials: { login: 'admin', hash: 'former', changedAt: 'then' },
  };
  const credentials: AdminCredentialsStore = {
    read: async () => at,
    async replace(next, basedOn) {
      if (basedOn !== at.revision) return at.credentials?.changeId === next.changeId;
      at = { revision: at.revision + 1, credentials: next };
      return true;
    },
    watch: () => () => {},
    onLost: () => {},
  };
  const handler = changeAdminCredentialsHandler({
    store,
    vault,
    clock: () => new Date(0),
    credentials: async () => credentials,
  });
  const command = async (login: string, basedOn: number) =>
    commandOf('ChangeAdminCredentials', { login, hash: await vault.seal('transport', 'CANARY'), basedOn });
  const send = (sent: Awaited<ReturnType<typeof command>>) =>
    deliver({ ChangeAdminCredentials: handler }, sent);
  return { store, credentials, command, send };
};

test('puts them in force and records that they are others, without password or hash', async () => {
  const { store, credentials, command, send } = start();
  const first = await command('admin', 7);
  expect((await send(first)).reply).toMatchObject({ outcome: 'accepted', ids: {} });
  expect(await credentials.read()).toMatchObject({
    revision: 8,
    credentials: { login: 'admin', hash: 'CANARY' },
  });
  await send(await command('chief', 8));
  expect(store.all()).toMatchObject([
    {
      stream: streams.credentials,
      type: 'AdminCredentialsChanged',
      data: { login: 'admin', loginChanged: false },
    },
    { data: { login: 'chief', loginChanged: true } },
  ]);
  expect(
    JSON.stringify(store.all(), (_key, value: unknown) => (typeof value === 'bigint' ? '' : value)),
  ).not.toContain('CANARY');
});

test('a delivery that comes again after a crash between both records what was done, once', async () => {
  const { store, credentials, command, send } = start();
  const sent = await command('admin', 7);
  const next = { login: 'admin', hash: 'CANARY', changedAt: 'now', changeId: sent.id };
  expect(await credentials.replace(next, 7)).toBe(true);
  for (let delivery = 0; delivery < 2; delivery += 1) {
    expect((await send(sent)).reply).toMatchObject({ outcome: 'accepted' });
  }
  expect(store.all()).toHaveLength(1);
  expect((await credentials.read()).revision).toBe(8);
});

test('credentials that somebody else has changed meanwhile stay', async () => {
  const { store, credentials, command, send } = start();
  expect((await send(await command('mallory', 6))).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'credentials_changed_meanwhile' }],
  });
  expect((await credentials.read()).credentials?.hash).toBe('former');
  expect(store.all()).toEqual([]);
});
