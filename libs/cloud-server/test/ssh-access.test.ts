import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startFarm, temporaryDirectory, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { connectSshServer, makeKeyPair, publicKeyOf, type SshCloudServer } from '../src/index.ts';

let farm: Farm;
let machine: FarmServer;
const open: SshCloudServer[] = [];

beforeAll(async () => {
  farm = await startFarm([{}]);
  [machine] = farm.servers as [FarmServer];
}, 60_000);
afterAll(() => farm?.dispose());
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const connect = (username: string, root = '/srv/alfa', hostKey?: string): SshCloudServer => {
  const credentials = async () => farm.keys.ed25519;
  const pin = hostKey === undefined ? {} : { hostKey };
  const server = connectSshServer({ host: machine.address, username, credentials, root, ...pin });
  open.push(server);
  return server;
};

describe('a survey', () => {
  test.each([
    ['alfa', '/srv/alfa', { maySudo: false, root: 'usable' }],
    ['alfa', '/srv/other', { maySudo: false, root: 'refused' }],
    ['ops', '/srv/alfa', { maySudo: true, root: 'foreign' }],
    ['ops', '/srv/other/deep', { maySudo: true, root: 'by sudo' }],
    ['root', '/srv/other/deep', { root: 'usable' }],
    ['alfa', '/etc/passwd', { root: 'refused' }],
  ])('of %s tells of %s what he may', async (username, root, expected) => {
    expect(await connect(username, root).access.survey()).toMatchObject(expected);
  });
});

describe('the root directory', () => {
  test('is made with sudo, and is the user’s then', async () => {
    const server = connect('ops', '/srv/by-sudo/alfa');
    await server.access.makeRoot();
    await server.access.makeRoot();
    await server.files.writeAtomic('x', 'y', { mode: 0o600 });
    expect(await machine.run('stat', '-c', '%U %a', '/srv/by-sudo/alfa')).toBe('ops 755\n');
  });

  test('that root has made and nobody used is his by sudo; on a disk of its own, too', async () => {
    await machine.run('mkdir', '-p', '-m', '700', '/srv/empty/lost+found');
    expect(await connect('guest', '/srv/empty').access.survey()).toMatchObject({ root: 'refused' });
    const server = connect('ops', '/srv/empty');
    expect(await server.access.survey()).toMatchObject({ root: 'by sudo' });
    await server.access.makeRoot();
    expect(await machine.run('stat', '-c', '%U %a', '/srv/empty')).toBe('ops 755\n');
    expect(await server.access.survey()).toMatchObject({ root: 'usable' });
  });

  test('of somebody else is left alone, with a word on how to get it, which helps', async () => {
    const alfa = connect('alfa');
    await alfa.files.createDirectory('clients', { mode: 0o755 });
    await alfa.files.writeAtomic('server.json', '{}', { mode: 0o600 });
    const refusal = { code: 'file_failed', message: expect.stringContaining('sudo chown -R ops /srv/alfa') };
    await expect(connect('ops').access.makeRoot()).rejects.toMatchObject(refusal);
    expect(await machine.run('stat', '-c', '%U', '/srv/alfa')).toBe('alfa\n');
    // The directory alone is not enough.
    await machine.run('chown', 'ops', '/srv/alfa');
    await expect(connect('ops').access.makeRoot()).rejects.toMatchObject(refusal);
    await machine.run('chown', '-R', 'ops', '/srv/alfa');
    await connect('ops').access.makeRoot();
    expect(await connect('ops').files.read('server.json')).toBe('{}');
    await machine.run('chown', '-R', 'alfa', '/srv/alfa');
  });
});

test('the host key is shown to who asks, before anything is sent', async () => {
  const logOfConnections = await machine.nextConnections();
  const pinned = `SHA256:${'A'.repeat(43)}`;
  const { text } = await connect('alfa', '/srv/alfa', pinned).access.showHostKey();
  expect(text).toBe(machine.hostKey('ed25519'));
  const rsa = await connect('alfa', '/srv/alfa', machine.hostKey('rsa')).access.showHostKey();
  expect(rsa.text).toBe(machine.hostKey('rsa'));
  const log = await logOfConnections();
  expect(log.match(/^Connection from/gm)).toHaveLength(2);
  expect(log).not.toMatch(/alfa|user|publickey/);
});

test('key pairs that are made can be read by ssh and by us', async () => {
  await using home = await temporaryDirectory();
  for (let count = 0; count < 300; count += 1) {
    const { privateKey, publicKey } = makeKeyPair('Alfa Cloud');
    expect(publicKey).toBe(`${publicKeyOf({ privateKey })} Alfa Cloud`);
    if (count > 0) continue;
    const file = join(home.path, 'key');
    await writeFile(file, privateKey, { mode: 0o600 });
    const shown = await promisify(execFile)('ssh-keygen', ['-y', '-f', file]);
    expect(shown.stdout.trim()).toBe(publicKey);
  }
});
