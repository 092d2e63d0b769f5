import { afterEach, describe, expect, test } from '@jest/globals';
import { ownCause } from '@alfa-cloud/operations';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import {
  fakeLaboratory,
  type FakeLaboratory,
  type FakeLaboratoryOptions,
} from '../../../test/fake-laboratory.ts';
import { inNoTime, operationIdOf, startRig, stopRigs, type Rig } from '../../../test/rig.ts';
import { createPlaces } from '../../domain/places.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const world = async (cloud: FakeLaboratory) => {
  return { ...(await inventory(cloud)), hosts: [...cloud.hosts.keys()] };
};

const clean = {
  containers: ['alfa-database', 'alfa-proxy'],
  volumes: ['alfa-database'],
  networks: ['alfa'],
  databases: [],
  databaseUsers: [],
  clientFiles: [],
  hosts: [],
};
const complete = {
  containers: ['alfa-database', 'alfa-first', 'alfa-proxy'],
  volumes: ['alfa-database', 'alfa-first-storage'],
  networks: ['alfa', 'alfa-first'],
  databases: ['alfa_first'],
  databaseUsers: ['alfa_first'],
  clientFiles: ['first/client.env', 'first/owner.json', 'first/vhost.conf'],
  hosts: ['first.lab.test'],
};

/** Creates a client with a worker that dies at the moment, then lets another worker take up the command. */
const createWithCrash = async (options: FakeLaboratoryOptions, moment: Moment | null) => {
  const cloud = fakeLaboratory(options);
  const setUp = await startRig({ cloud, creation: inNoTime });
  const registration = setUp.registration();
  await setUp.send(registration);
  const command = await setUp.creation(registration.data.serverId, { demo: true });

  const run = await sendWithCrash(setUp, cloud, command, moment);
  return { rig: setUp, cloud, command, ...run };
};

const endOf = async (rig: Rig, command: { id: string }) =>
  (await rig.eventsOf(operationIdOf(command))).at(-1)?.type;

const aggregateEnds = (rig: Rig) =>
  rig.store.all().flatMap(({ type }) => (/^Client(?:Created|CreationFailed)$/.test(type) ? [type] : []));

const holdersOfPlaces = async ({ store }: Rig, serverId: string) => {
  const places = createPlaces({ store, count: async () => [] });
  return [...(await places.clientsOn(serverId, ownCause()))];
};

describe('a creation whose worker is killed at any moment', () => {
  test('is completed once by the next worker', async () => {
    const moments = momentsOf(await createWithCrash({}, null));
    expect(moments.length).toBeGreaterThan(65);
    for (const moment of moments) {
      const { rig, cloud, command, died } = await createWithCrash({}, moment);
      const story = async () => `${JSON.stringify(moment)}\n${await rig.story(operationIdOf(command))}`;
      expect({ moment, died }).toEqual({ moment, died: true });
      const end = await endOf(rig, command);
      if (end !== 'OperationSucceeded') throw new Error(await story());
      expect({ moment, ...(await world(cloud)) }).toEqual({ moment, ...complete });
      expect(aggregateEnds(rig)).toEqual(['ClientCreated']);
      const { serverId = '', clientId } = command.data;
      expect({ moment, holders: await holdersOfPlaces(rig, serverId) }).toEqual({
        moment,
        holders: [clientId],
      });
    }
  });

  test('is taken back wholly by the next worker when it can not succeed', async () => {
    const options: FakeLaboratoryOptions = {
      // Fails at the last step, so that everything there is to take back was made.
      health: (_container, host) => (host === 'first.lab.test' ? 500 : 200),
    };
    for (const moment of momentsOf(await createWithCrash(options, null))) {
      const { rig, cloud, command } = await createWithCrash(options, moment);
      const end = await endOf(rig, command);
      if (end !== 'OperationFailed') {
        throw new Error(`${JSON.stringify(moment)}\n${await rig.story(operationIdOf(command))}`);
      }
      expect({ moment, ...(await world(cloud)) }).toEqual({ moment, ...clean });
      expect(aggregateEnds(rig)).toEqual(['ClientCreationFailed']);
      expect({ moment, holders: await holdersOfPlaces(rig, command.data.serverId ?? '') }).toEqual({
        moment,
        holders: [],
      });
      expect((await rig.send(await rig.creation(command.data.serverId ?? ''))).reply?.outcome).toBe(
        'accepted',
      );
    }
  });
});
