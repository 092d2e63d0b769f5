import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { freePort } from '@alfa-cloud/testing';
import { inventory } from '../src/index.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

let server: RealServer;
let cloud: CloudServer;

beforeAll(async () => {
  server = await startRealServer();
  ({ cloud } = server);
}, 300_000);

afterAll(() => server?.dispose(), 60_000);

const endOf = async (rig: Rig, command: { id: string }) => {
  const end = (await rig.eventsOf(operationIdOf(command))).at(-1);
  if (end?.type === 'OperationSucceeded') return end.type;
  throw new Error(await rig.story(operationIdOf(command)));
};

const statusOn = async (port: number): Promise<number | null> => {
  try {
    return (await cloud.get({ port, host: 'nobody.alfa.test', path: '/' })).status;
  } catch {
    return null;
  }
};

test('a server is prepared again on another port with the database it has, takes a client, and then stays', async () => {
  const rig = await startRig({ cloud });
  const [first, second] = [await freePort(), await freePort()];
  const registration = rig.registration({ proxy: { httpPort: first } });
  await rig.send(registration);
  await endOf(rig, registration);
  const { serverId } = registration.data;
  expect([await statusOn(first), await statusOn(second)]).toEqual([404, null]);

  const change = commandOf('ChangeServer', { serverId, proxy: { httpPort: second }, domain: 'other.test' });
  await rig.send(change);
  await endOf(rig, change);
  expect([await statusOn(first), await statusOn(second)]).toEqual([null, 404]);

  const creation = await rig.creation(serverId, { slug: 'lab' });
  await rig.send(creation);
  await endOf(rig, creation);
  const page = await cloud.get({ port: second, host: 'lab.other.test', path: '/' });
  expect(page.status).toBe(200);
  const removal = () => rig.send(commandOf('RemoveServer', { serverId }));
  expect((await removal()).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'server_has_clients' }],
  });
  expect((await inventory(cloud)).containers).toEqual(['alfa-database', 'alfa-lab', 'alfa-proxy']);
}, 180_000);
