import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sampleOf, walkExtent } from '@alfa-cloud/testing';
import { copyWorld, type CopyWorld } from '../../../test/copy-world.ts';
import { momentsOf, sendWithCrash, type CrashRun, type Moment } from '../../../test/crash.ts';
import { operationIdOf, stopRigs } from '../../../test/rig.ts';
import { copyIdOf } from './request-copy.ts';

afterEach(stopRigs);

const { isFull, seed } = walkExtent(process.env, new Date());
/** Of the moments of each walk. */
const few = 30;
const walked = (run: CrashRun): Moment[] => (isFull ? momentsOf(run) : sampleOf(momentsOf(run), few, seed));

const masked = async (world: CopyWorld, sql: string) => ({ maskingSql: await world.sealed(sql) });

const typesOf = async ({ rig }: CopyWorld, id: string) =>
  (await rig.store.read<ClientEvent>(streams.client(id))).events.map(({ type }) => type);

const told = (types: readonly string[]) => types.filter((type) => type === 'ClientCopied').length;

/** The source as it serves, whatever becomes of its copy. */
const source = ({ production }: CopyWorld) => ({
  data: production.database.content.get('alfa_first'),
  files: production.storage.get('alfa-first-storage'),
  status: production.engine.containers.get('alfa-first')?.status,
  page: production.pageOf('first.lab.test'),
});

const sourceIs = { data: 'patients jobs failed_jobs', files: 'files', status: 'running', page: null };

const nothing = { containers: ['alfa-database', 'alfa-proxy'], databases: [], clientFiles: [], hosts: [] };
const whole = {
  containers: ['alfa-database', 'alfa-first-stage', 'alfa-proxy'],
  volumes: ['alfa-database', 'alfa-first-stage-storage'],
  databases: ['alfa_first-stage'],
  hosts: ['first-stage.stage.test'],
};

/** Copies with a worker that dies at the moment, then lets another worker take up the command. */
const copyWithCrash = async (sql: string, moment: Moment | null) => {
  const world = await copyWorld();
  const command = world.copying(await masked(world, sql));
  const run = await sendWithCrash(world.rig, world.production, command, moment, {}, world.more);
  const copyId = copyIdOf(operationIdOf(command));
  const story = `${JSON.stringify(moment)}\n${await world.rig.story(operationIdOf(command))}`;
  const end = (await world.rig.eventsOf(operationIdOf(command))).at(-1)?.type;
  await world.rig.stop();
  return { world, copyId, end, story, ...run };
};

describe(`a copy whose worker is killed at any moment (seed ${seed})`, () => {
  test('is completed once by the next worker, and its source serves', async () => {
    for (const moment of walked(await copyWithCrash('MASK patients', null))) {
      const { world, copyId, end, story, died } = await copyWithCrash('MASK patients', moment);
      expect({ moment, died }).toEqual({ moment, died: true });
      if (end !== 'OperationSucceeded') throw new Error(story);
      expect({ moment, ...(await world.onStage()) }).toMatchObject({ moment, ...whole });
      expect(world.stage.database.content.get('alfa_first-stage')).toBe('');
      expect({ moment, ...source(world) }).toEqual({ moment, ...sourceIs });
      expect(await typesOf(world, copyId)).toEqual(['ClientCreationRequested', 'ClientCreated']);
      expect(told(await typesOf(world, world.clientId))).toBe(1);
    }
  });

  test('is taken back wholly by the next worker when it can not succeed', async () => {
    for (const moment of walked(await copyWithCrash('REFUSED', null))) {
      const { world, copyId, end, story } = await copyWithCrash('REFUSED', moment);
      if (end !== 'OperationFailed') throw new Error(story);
      expect({ moment, ...(await world.onStage()) }).toMatchObject({ moment, ...nothing });
      expect({ moment, ...source(world) }).toEqual({ moment, ...sourceIs });
      expect(await typesOf(world, copyId)).toEqual(['ClientCreationRequested', 'ClientCreationFailed']);
      expect(told(await typesOf(world, world.clientId))).toBe(0);
    }
  });
});

/** The same of a copy that is there and holds something of its own. */
const refreshWithCrash = async (sql: string, moment: Moment | null) => {
  const world = await copyWorld();
  const first = world.copying();
  await world.rig.succeed(first);
  world.stage.database.content.set('alfa_first-stage', 'work');
  world.stage.storage.set('alfa-first-stage-storage', 'files of the copy');
  const command = world.copying({ confirm: true, ...(await masked(world, sql)) });
  const run = await sendWithCrash(world.rig, world.production, command, moment, {}, world.more);
  const story = `${JSON.stringify(moment)}\n${await world.rig.story(operationIdOf(command))}`;
  const end = (await world.rig.eventsOf(operationIdOf(command))).at(-1)?.type;
  await world.rig.stop();
  return { world, copyId: copyIdOf(operationIdOf(first)), end, story, ...run };
};

const copyIs = ({ stage }: CopyWorld) => ({
  data: stage.database.content.get('alfa_first-stage'),
  files: stage.storage.get('alfa-first-stage-storage'),
  status: stage.engine.containers.get('alfa-first-stage')?.status,
  page: stage.pageOf('first-stage.stage.test'),
});

describe(`a refreshment whose worker is killed at any moment (seed ${seed})`, () => {
  test('is completed once by the next worker', async () => {
    for (const moment of walked(await refreshWithCrash('MASK patients', null))) {
      const { world, copyId, end, story, died } = await refreshWithCrash('MASK patients', moment);
      expect({ moment, died }).toEqual({ moment, died: true });
      if (end !== 'OperationSucceeded') throw new Error(story);
      expect({ moment, ...copyIs(world) }).toEqual({
        moment,
        data: '',
        files: 'files',
        status: 'running',
        page: null,
      });
      expect(await world.onStage()).toMatchObject(whole);
      expect((await typesOf(world, copyId)).slice(2)).toEqual([
        'ClientOperationBegun',
        'ClientBackedUp',
        'ClientRefreshed',
        'ClientOperationEnded',
      ]);
      expect(told(await typesOf(world, world.clientId))).toBe(2);
    }
  });

  test('leaves the copy as it was when it can not succeed', async () => {
    for (const moment of walked(await refreshWithCrash('REFUSED', null))) {
      const { world, end, story } = await refreshWithCrash('REFUSED', moment);
      if (end !== 'OperationFailed') throw new Error(story);
      expect({ moment, ...copyIs(world) }).toEqual({
        moment,
        data: 'work',
        files: 'files of the copy',
        status: 'running',
        page: null,
      });
      expect(source(world)).toEqual(sourceIs);
    }
  });
});
