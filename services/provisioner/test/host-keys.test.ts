import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newId } from '@alfa-cloud/contracts';
import { createTryConnection, loadServer } from '@alfa-cloud/servers';
import { startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { fakeLaboratory } from './fake-laboratory.ts';
import { commandOf, startRig, stopRigs } from './rig.ts';

let farm: Farm;
let machine: FarmServer;

beforeAll(async () => {
  farm = await startFarm([{}]);
  [machine] = farm.servers as [FarmServer];
});
afterAll(() => farm?.dispose());
afterEach(stopRigs);

/** A server that was registered when all was well, by what the fake tells, and is asked itself from then on. */
const start = async (port = 22) => {
  const cloud = fakeLaboratory();
  const real = createTryConnection({
    local: { socketPath: '/nonexistent/docker.sock', root: '/nonexistent' },
    sshRoot: '/srv/alfa',
  });
  let isRegistered = false;
  const rig = await startRig({
    cloud,
    tryConnection: (...asked) => (isRegistered ? real(...asked) : cloud),
  });
  const credentials = await rig.vault.seal('transport', JSON.stringify(farm.keys.ed25519));
  const connection = {
    kind: 'ssh' as const,
    host: machine.address,
    port,
    username: 'alfa',
    hostKey: `SHA256:${'B'.repeat(43)}`,
    credentials,
  };
  const registration = rig.registration({ connection });
  await rig.succeed(registration);
  isRegistered = true;
  const { serverId } = registration.data;
  const accept = async (fingerprint: string) =>
    (await rig.send(commandOf('AcceptHostKey', { serverId, fingerprint }))).reply;
  return { rig, serverId, accept };
};

test('a host key is accepted that the server shows, and no other; nothing else is sent to it', async () => {
  const { rig, serverId, accept } = await start();
  const refused = await accept(`SHA256:${'A'.repeat(43)}`);
  expect(refused).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'host_key_differs', pointer: '/data/attributes/fingerprint' }],
  });
  const shown = /SHA256:\S{43}/.exec(JSON.stringify(refused))?.[0] ?? '';
  expect(await accept(shown)).toMatchObject({ outcome: 'accepted', ids: { serverId } });
  const { state } = await loadServer(rig.store, serverId);
  expect(state).toMatchObject({
    status: 'ready',
    server: { connection: { hostKey: machine.hostKey('ed25519') }, connectionVersion: 1 },
  });
  expect(await machine.sshdLog()).not.toMatch(/publickey|user alfa/);
});

test('a server that does not answer shows no host key', async () => {
  const { accept } = await start(2222);
  expect(await accept(`SHA256:${'A'.repeat(43)}`)).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'server_unreachable' }],
  });
});

test('a key pair is made once for a wish; its private part is sealed and opens the server', async () => {
  const { rig } = await start();
  const command = commandOf('MakeSshKey', { keyId: newId(), comment: 'alfa-cloud' });
  for (let time = 0; time < 2; time += 1) {
    expect((await rig.send(command)).reply).toMatchObject({ outcome: 'accepted' });
  }
  const { items } = (await rig.askQueries.ask('ListSshKeys', {})).result;
  expect(items).toMatchObject([
    { id: command.data.keyId, publicKey: expect.stringContaining('ssh-ed25519') },
  ]);
  const { result } = await rig.askQueries.ask('GetSshKey', { id: command.data.keyId });
  expect(result).toEqual(items[0]);
  expect(JSON.stringify(result)).not.toContain('credentials');
  const made = rig.store.all().flatMap((event) => (event.type === 'SshKeyMade' ? [event.data] : []));
  const opened = await rig.vault.open(made[0]?.credentials ?? '');
  expect(opened).toContain('OPENSSH PRIVATE KEY');
  expect(made[0]?.credentials.startsWith(`v1.server.${command.data.keyId}.`)).toBe(true);
  await expect(rig.askQueries.ask('GetSshKey', { id: newId() })).rejects.toThrow('not_found');
});

test('a registration may name a key pair, if there is one', async () => {
  const { rig } = await start();
  const connection = { kind: 'ssh' as const, host: machine.address, username: 'alfa', keyId: newId() };
  const { reply } = await rig.send(rig.registration({ name: 'another', connection }));
  expect(reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'key_unknown', pointer: '/data/attributes/connection/keyId' }],
  });
});
