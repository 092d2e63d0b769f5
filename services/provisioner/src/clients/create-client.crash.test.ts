import { afterEach, describe, expect, test } from '@jest/globals';
import { withEffectHooks, type Effect } from '@alfa-cloud/cloud-server/testing';
import {
  fakeLaboratory,
  type FakeLaboratory,
  type FakeLaboratoryOptions,
} from '../../test/fake-laboratory.ts';
import { operationIdOf, startRig, stopRigs, type Rig, type RigOptions } from '../../test/rig.ts';
import { inventory } from '../on-server/inventory.ts';

afterEach(stopRigs);

const fast: Pick<RigOptions, 'creation'> = {
  creation: { steadyMs: 1, healthMs: 2, reachableMs: 2 },
};

/** A worker that dies at one moment: nothing of it goes on after that. */
const mortal = () => {
  const controller = new AbortController();
  const { promise: dead, resolve } = Promise.withResolvers<'dead'>();
  return {
    signal: controller.signal,
    dead,
    die: (): Promise<never> => {
      resolve('dead');
      queueMicrotask(() => controller.abort(new Error('killed')));
      return new Promise<never>(() => undefined);
    },
  };
};

type Moment = { effect: number; phase: 'before' | 'after' } | { observation: number };

const world = async (cloud: FakeLaboratory) => {
  const { containers, volumes, databases, databaseUsers, clientFiles } = await inventory(cloud);
  return { containers, volumes, databases, databaseUsers, clientFiles, hosts: [...cloud.hosts.keys()] };
};

const clean = {
  containers: ['alfa-database', 'alfa-proxy'],
  volumes: ['alfa-database'],
  databases: [],
  databaseUsers: [],
  clientFiles: [],
  hosts: [],
};
const complete = {
  containers: ['alfa-database', 'alfa-first', 'alfa-proxy'],
  volumes: ['alfa-database', 'alfa-first-storage'],
  databases: ['alfa_first'],
  databaseUsers: ['alfa_first'],
  clientFiles: ['first/client.env', 'first/owner.json', 'first/vhost.conf'],
  hosts: ['first.lab.test'],
};

/** Creates a client with a worker that dies at the moment, then lets another worker take up the command. */
const createWithCrash = async (options: FakeLaboratoryOptions, moment: Moment | null) => {
  const cloud = fakeLaboratory(options);
  const setUp = await startRig({ cloud, ...fast });
  const registration = setUp.registration();
  await setUp.send(registration);
  const { store, vault } = setUp;
  const command = await setUp.creation(registration.data.serverId, { demo: true });

  const life = mortal();
  let effects = 0;
  let observations = 0;
  const dieAt = (phase: 'before' | 'after') => async (effect: Effect) => {
    effects = effect.number;
    if (moment !== null && 'effect' in moment && moment.phase === phase && moment.effect === effect.number) {
      await life.die();
    }
  };
  const first = await startRig({
    cloud: withEffectHooks(cloud, { before: dieAt('before'), after: dieAt('after') }),
    store,
    vault,
    ...fast,
    observer: async () => {
      observations += 1;
      if (moment !== null && 'observation' in moment && moment.observation === observations) await life.die();
    },
  });
  const outcome = await Promise.race([first.send(command, { signal: life.signal }), life.dead]);
  if (outcome === 'dead') {
    const second = await startRig({ cloud, store, vault, ...fast });
    await second.send(command);
  }
  return { rig: setUp, cloud, command, effects, observations, died: outcome === 'dead' };
};

const endOf = async (rig: Rig, command: { id: string }) =>
  (await rig.eventsOf(operationIdOf(command))).at(-1)?.type;

const aggregateEnds = (rig: Rig) =>
  rig.store.all().flatMap(({ type }) => (/^Client(?:Created|CreationFailed)$/.test(type) ? [type] : []));

/** All moments of a run without a crash. */
const momentsOf = async (options: FakeLaboratoryOptions): Promise<Moment[]> => {
  const { effects, observations } = await createWithCrash(options, null);
  return [
    ...Array.from({ length: effects }, (_, index) => ({ effect: index + 1, phase: 'before' as const })),
    ...Array.from({ length: effects }, (_, index) => ({ effect: index + 1, phase: 'after' as const })),
    ...Array.from({ length: observations }, (_, index) => ({ observation: index + 1 })),
  ];
};

describe('a creation whose worker is killed at any moment', () => {
  test('is completed once by the next worker', async () => {
    const moments = await momentsOf({});
    expect(moments.length).toBeGreaterThan(70);
    for (const moment of moments) {
      const { rig, cloud, command, died } = await createWithCrash({}, moment);
      const story = async () => `${JSON.stringify(moment)}\n${await rig.story(operationIdOf(command))}`;
      expect({ moment, died }).toEqual({ moment, died: true });
      const end = await endOf(rig, command);
      if (end !== 'OperationSucceeded') throw new Error(await story());
      expect({ moment, ...(await world(cloud)) }).toEqual({ moment, ...complete });
      expect(aggregateEnds(rig)).toEqual(['ClientCreated']);
    }
  });

  test('is taken back wholly by the next worker when it can not succeed', async () => {
    const options: FakeLaboratoryOptions = {
      // Fails at the last step, so that everything there is to take back was made.
      health: (_container, host) => (host === 'first.lab.test' ? 500 : 200),
    };
    for (const moment of await momentsOf(options)) {
      const { rig, cloud, command } = await createWithCrash(options, moment);
      const end = await endOf(rig, command);
      if (end !== 'OperationFailed') {
        throw new Error(`${JSON.stringify(moment)}\n${await rig.story(operationIdOf(command))}`);
      }
      expect({ moment, ...(await world(cloud)) }).toEqual({ moment, ...clean });
      expect(aggregateEnds(rig)).toEqual(['ClientCreationFailed']);
      expect((await rig.send(await rig.creation(command.data.serverId))).reply?.outcome).toBe('accepted');
    }
  });
});
