import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { afterEach, expect, test } from '@jest/globals';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';

afterEach(stopRigs);

const imageOf = ({ engine }: ReturnType<typeof fakeLaboratory>, reference: string) => {
  const image = engine.images.get(reference);
  if (image === undefined) throw new Error(`no image ${reference}`);
  return image;
};

test('a client whose key is lost: what needs its secrets ends with that reason, everything else works, and it can be deleted', async () => {
  const cloud = fakeLaboratory();
  cloud.engine.images.set('alfa/client:2', { ...imageOf(cloud, 'alfa/client:1'), id: 'sha256:2' });
  const rig = await startRig({ cloud, creation: inNoTime });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId);
  await rig.send(creation);
  const { clientId } = creation.data;
  await rig.vault.destroyKey(`client.${clientId}`);

  const endOf = async (command: Parameters<typeof rig.send>[0]) => {
    const { reply, error } = await rig.send(command);
    expect(error).toBeNull();
    if (reply?.outcome === 'rejected') return reply.faults.map(({ code }) => code);
    const end = (await rig.eventsOf(operationIdOf(command))).at(-1);
    return end?.type === 'OperationFailed' ? end.data.cause.code : end?.type;
  };
  expect(await endOf(commandOf('RebootClient', { clientId }))).toBe('OperationSucceeded');
  expect(await endOf(commandOf('EnableMaintenance', { clientId }))).toBe('OperationSucceeded');
  const switching = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
  expect(await endOf(switching)).toBe('client_key_lost');
  expect(await endOf(commandOf('DeleteClient', { clientId, confirm: 'first' }))).toBe('OperationSucceeded');
  const { events } = await rig.store.read<ClientEvent>(streams.client(clientId));
  expect(events.map(({ type }) => type)).toContain('ClientDeleted');
});

test('a server whose key is lost, also with another one since: a preparation that needs its password ends with the cause', async () => {
  const rig = await startRig({ cloud: fakeLaboratory(), creation: inNoTime });
  const registration = rig.registration();
  const { serverId } = registration.data;
  await rig.succeed(registration);
  await rig.vault.destroyKey(`server.${serverId}`);
  for (const again of [false, true]) {
    if (again) await rig.vault.ensureKey(`server.${serverId}`);
    const command = commandOf('PrepareServer', { serverId });
    await rig.send(command);
    expect((await rig.eventsOf(operationIdOf(command))).at(-1)).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'server_key_lost' } },
    });
  }
});
