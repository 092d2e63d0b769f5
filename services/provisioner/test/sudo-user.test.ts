import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectSshServer, type SshCloudServer } from '@alfa-cloud/cloud-server';
import { freePort, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { inventory } from '../src/index.ts';
import { commandOf, startRig, stopRigs, type Rig } from './rig.ts';

let farm: Farm;
let machine: FarmServer;
let cloud: SshCloudServer;
let rig: Rig;

const connect = (username: string): SshCloudServer =>
  connectSshServer({
    host: machine.address,
    username,
    credentials: async () => farm.keys.ed25519,
    root: machine.root,
  });

beforeAll(async () => {
  farm = await startFarm([{ docker: true }]);
  [machine] = farm.servers as [FarmServer];
  // Nothing was prepared for the user but a line in sudoers.
  await machine.run('rmdir', machine.root);
  cloud = connect('ops');
  rig = await startRig({ cloud });
});
afterAll(async () => {
  await stopRigs();
  await cloud?.close();
  await farm?.dispose();
});

test('a user who has only sudo without a password does everything that one in group docker does', async () => {
  const httpPort = await freePort();
  const registration = rig.registration({ proxy: { httpPort } });
  await rig.succeed(registration);
  expect(await machine.run('stat', '-c', '%U %a', machine.root)).toBe('ops 755\n');
  const { serverId } = registration.data;
  const creation = await rig.creation(serverId, { slug: 'lab', demo: true });
  await rig.succeed(creation);
  const { clientId } = creation.data;
  const page = () => cloud.get({ port: httpPort, host: 'lab.lab.test', path: '/' });
  expect((await page()).status).toBe(200);

  await rig.succeed(commandOf('EnableMaintenance', { clientId }));
  expect((await page()).status).toBe(503);
  await rig.succeed(commandOf('DisableMaintenance', { clientId }));
  const backup = await rig.succeed(commandOf('BackUpClient', { clientId, kind: 'manual' }));
  expect(backup).toMatchObject({ clientId });
  await rig.succeed(commandOf('MigrateClient', { clientId }));
  await rig.succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  expect((await page()).body).toContain('data-fact="version">2<');
  const { diskFreeBytes, memoryTotalBytes } = await cloud.measure();
  expect([diskFreeBytes, memoryTotalBytes]).toEqual([expect.any(Number), expect.any(Number)]);

  await rig.succeed(commandOf('DeleteClient', { clientId, confirm: 'lab' }));
  expect(await inventory(cloud)).toMatchObject({
    containers: ['alfa-database', 'alfa-proxy'],
    databases: [],
    clientFiles: [],
  });
}, 240_000);

test('another user takes the directory over by what the refusal says', async () => {
  const alfa = connect('alfa');
  try {
    expect(await alfa.access.survey()).toMatchObject({ mayUseDocker: true, root: 'foreign' });
    await machine.run('chown', '-R', 'alfa', machine.root);
    expect(await alfa.access.survey()).toMatchObject({ root: 'usable' });
    expect(await alfa.files.read('server.json')).toContain('server');
    await alfa.files.writeAtomic('proxy/conf.d/probe', '', { mode: 0o644 });
  } finally {
    await alfa.close();
  }
});
