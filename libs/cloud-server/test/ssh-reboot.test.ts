import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { connectSshServer, type SshCloudServer } from '../src/index.ts';

let farm: Farm;
let machine: FarmServer;
const open: SshCloudServer[] = [];

beforeAll(async () => {
  farm = await startFarm([{}]);
  [machine] = farm.servers as [FarmServer];
});
afterAll(() => farm?.dispose());
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const connect = (username: string): SshCloudServer => {
  const credentials = async () => farm.keys.ed25519;
  const server = connectSshServer({ host: machine.address, username, credentials, root: machine.root });
  open.push(server);
  return server;
};
const bootIdOf = async (server: SshCloudServer): Promise<string> => {
  const { bootId } = await server.measure();
  if (bootId === null) throw new Error('No boot id');
  return bootId;
};

test.each(['root', 'ops'])('%s reboots the machine once, however often it is asked for', async (username) => {
  const server = connect(username);
  const before = await bootIdOf(server);
  await using obeyed = machine.obeyReboots();
  const request = { bootId: before, command: null };
  await server.reboot(request);
  const after = await eventually(
    'another boot id',
    async () => {
      const { bootId } = await server.measure();
      return bootId === null || bootId === before ? undefined : bootId;
    },
    { timeoutMs: 90_000 },
  );
  await server.reboot(request);
  expect([obeyed.count, await bootIdOf(server)]).toEqual([1, after]);
});

test('a command of the installation’s own takes the place of the usual one', async () => {
  const server = connect('alfa');
  await server.reboot({ bootId: await bootIdOf(server), command: `echo "it's on" >${machine.root}/mark` });
  expect(await machine.run('cat', `${machine.root}/mark`)).toBe("it's on\n");
});

test('who may not reboot is told so', async () => {
  const server = connect('alfa');
  const refused = server.reboot({ bootId: await bootIdOf(server), command: null });
  await expect(refused).rejects.toMatchObject({
    kind: 'final',
    code: 'reboot_refused',
    message: expect.stringContaining('sudo: a password is required'),
  });
});

test('a command under which the connection breaks off may have been heard; a server that is away was not asked', async () => {
  const server = connect('root');
  const bootId = await bootIdOf(server);
  await server.reboot({ bootId, command: 'kill -9 "$PPID"; sleep 60' });
  await machine.killSshd();
  await eventually('the connection is down', async () => server.access.link.status === 'down');
  await expect(server.reboot({ bootId, command: null })).rejects.toMatchObject({
    code: 'server_unreachable',
  });
  await machine.startSshd();
});
