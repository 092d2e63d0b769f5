import { afterEach, describe, expect, test } from '@jest/globals';
import type { OperationObserver } from '@alfa-cloud/operations';
import { fakeLaboratory, type FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, startRig, stopRigs } from '../../../test/rig.ts';

afterEach(stopRigs);

const host = 'first.lab.test';
const vhostFile = 'clients/first/vhost.conf';

/** A client, and what its visitors see while its migration is at work, which may be made to fail. */
const withClient = async () => {
  const seen: (number | null)[] = [];
  const migration = { fails: false, canBeTakenBack: true, meanwhile: async () => {} };
  const cloud: FakeLaboratory = fakeLaboratory({
    command(words) {
      if (!words.includes('migrate')) return undefined;
      seen.push(cloud.pageOf(host)?.status ?? null);
      return migration.fails ? { exitCode: 1 } : undefined;
    },
    script: (name) =>
      name === 'alfa-load' && !migration.canBeTakenBack ? { exitCode: 92, stderr: 'damaged' } : undefined,
  });
  const observer: OperationObserver = async ({ step, phase }) => {
    if (step === 'migrate' && phase === 'acted') await migration.meanwhile();
  };
  const rig = await startRig({ cloud, creation: inNoTime, observer });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId);
  await rig.send(creation);
  const { clientId } = creation.data;
  seen.length = 0;
  return { cloud, rig, clientId, seen, migration, now: () => cloud.pageOf(host)?.status ?? null };
};

describe('an operation that closes the client', () => {
  test('needs no reload of the proxy for it, and leaves no file behind', async () => {
    const { cloud, rig, clientId, seen, now } = await withClient();
    const before = cloud.reloads();
    const { content } = cloud.disk.files.get(vhostFile) ?? {};
    await rig.succeed(commandOf('MigrateClient', { clientId }));
    expect(seen).toEqual([503]);
    expect([now(), cloud.reloads() - before]).toEqual([null, 0]);
    expect(cloud.disk.files.get(vhostFile)?.content).toBe(content);
    expect(cloud.disk.files.has('clients/first/closed')).toBe(false);
  });

  test('opens it again when it fails, without a reload as well', async () => {
    const { cloud, rig, clientId, seen, migration, now } = await withClient();
    const before = cloud.reloads();
    migration.fails = true;
    await rig.send(commandOf('MigrateClient', { clientId }));
    expect([seen, now(), cloud.reloads() - before]).toEqual([[503], null, 0]);
  });

  test('makes the virtual host of an older version, which knows no closing, anew before', async () => {
    const { cloud, rig, clientId, seen, now } = await withClient();
    const { content = '', mode = 0 } = cloud.disk.files.get(vhostFile) ?? {};
    const older = content.replace(/ {4}if \(-f [^}]*\}\n/, '');
    expect(older).not.toBe(content);
    cloud.disk.files.set(vhostFile, { content: older, mode });
    await cloud.docker.exec('alfa-proxy', { argv: ['nginx', '-s', 'reload'] });
    await rig.succeed(commandOf('MigrateClient', { clientId }));
    expect([seen, now()]).toEqual([[503], null]);
    expect(cloud.disk.files.get(vhostFile)?.content).toBe(content);
  });

  test('has the proxy read a virtual host that it has not loaded', async () => {
    const { cloud, rig, clientId, seen, now } = await withClient();
    cloud.hosts.set(host, {
      client: 'first',
      upstream: 'other.alfa',
      digest: '0',
      page: null,
      closing: null,
      forward: null,
    });
    await rig.succeed(commandOf('MigrateClient', { clientId }));
    expect([seen, now()]).toEqual([[503], null]);
  });

  test('stays closed when another operation has its virtual host made anew meanwhile', async () => {
    const { cloud, rig, clientId, seen, migration, now } = await withClient();
    migration.meanwhile = async () => {
      const change = { clientId, expireDate: '2098-01-02', reason: 'contract', confirm: false };
      await rig.succeed(commandOf('ChangeExpireDate', change));
      seen.push(now());
    };
    await rig.succeed(commandOf('MigrateClient', { clientId }));
    expect(cloud.database.settings.get('alfa_first')?.expiresAt).toContain('2098-01-02');
    expect([seen, now()]).toEqual([[503, 503], null]);
  });

  test('keeps the page that the operator has put there', async () => {
    const { cloud, rig, clientId, seen, now } = await withClient();
    await rig.succeed(commandOf('EnableMaintenance', { clientId, message: 'Back at 18:00' }));
    await rig.succeed(commandOf('MigrateClient', { clientId }));
    expect([seen, now()]).toEqual([[503], 503]);
    expect(cloud.pageOf(host)?.body).toContain('Back at 18:00');
    await rig.succeed(commandOf('DisableMaintenance', { clientId }));
    expect(now()).toBeNull();
  });
});

test('a client that had to stay closed is opened by the operator', async () => {
  const { cloud, rig, clientId, migration, now } = await withClient();
  Object.assign(migration, { fails: true, canBeTakenBack: false });
  await rig.send(commandOf('MigrateClient', { clientId }));
  expect(now()).toBe(503);
  await rig.succeed(commandOf('DisableMaintenance', { clientId }));
  expect(now()).toBeNull();
  expect(cloud.disk.files.has('clients/first/closed')).toBe(false);
});
