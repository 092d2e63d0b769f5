import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, sampleOf, startFarm, walkExtent, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { act, finished } from './support/caller.ts';
import { keepBuilderRunning } from './support/kept-service.ts';
import { onFarm, type Place } from './support/place.ts';
import { startWorld, type World } from './support/world.ts';

const execute = promisify(execFile);
const extent = walkExtent(process.env, new Date());
const steps = ['source', 'build', 'smoke-test', 'publish', 'distribute', 'retention'];
const calls = ['started/call 1', 'started/call 2'];
/** While the image is read from one server and sent to the other one: amid the bytes, before it is proven there, and before the moving name. */
const onTheWay: Record<string, string[]> = {
  'smoke-test': ['local/saveImage/8 MB'],
  distribute: ['started', 'ssh/loadImage/8 MB', 'ssh/loadImage/answered', 'ssh/tagImage/answered'],
};

let farm: Farm;
let world: World;
/** Of the server that builds, and of the one that the image is sent to. */
let places: [Place, Place];
let serverIds: string[];
let repository: string;

const git = (...args: string[]) => execute('git', ['-C', repository, ...args]);

const commit = async (subject: string, ...lines: string[]): Promise<void> => {
  const text = ['FROM alfa/client:1', 'USER root', ...lines, 'USER 33:33', ''].join('\n');
  await writeFile(join(repository, 'Dockerfile'), text);
  await git('add', '--all');
  await git('-c', 'user.name=Test', '-c', 'user.email=test@lab.test', 'commit', '--quiet', '-m', subject);
};

beforeAll(async () => {
  [farm, world] = await Promise.all([
    startFarm([{ docker: true }]),
    startWorld({
      services: 'projector,provisioner,notifier,api-gateway',
      env: { ALFA_GIT_FILE_URLS: 'true', ALFA_BUILDS_KEPT: '1', ALFA_FREE_DISK_MIN_MB: '10' },
    }),
  ]);
  places = [world.place, onFarm(farm, farm.servers[0] as FarmServer)];
  repository = join(world.directory, 'repository');
  await mkdir(repository);
  await git('init', '--quiet', '--initial-branch=dev');
  // So many bytes have to be sent, as they can't be compressed.
  await commit('First', 'RUN head -c 24000000 /dev/urandom > /one');
  await git('branch', 'master');
  const registered = places.map(({ connection }, index) => {
    const name = ['first', 'second'][index];
    return world.register({ connection, name, domain: `${name}.localhost` });
  });
  serverIds = (await Promise.all(registered)).map(({ id }) => id);
}, 240_000);
afterAll(async () => {
  await world?.dispose();
  await places?.[1].dispose();
  await farm?.dispose();
}, 60_000);

/** Not more of a step than four before its end: the sixth worker in a row that begins there would give it up. */
const phasesOf = (step: string): string[] => {
  const before = new Set(['started', ...(onTheWay[step] ?? calls), 'acted']);
  return [...[...before].slice(0, 4), 'completed'];
};

const pointsOf = (step: string, phases: readonly string[]) => phases.map((phase) => `${step}/${phase}`);
/** Those on the way and two others, which change with the day; or every one. */
const points = extent.isFull
  ? steps.flatMap((step) => pointsOf(step, phasesOf(step)))
  : [
      ...sampleOf(
        steps.filter((step) => !(step in onTheWay)).flatMap((step) => pointsOf(step, phasesOf(step))),
        2,
        extent.seed,
      ),
      ...Object.entries(onTheWay).flatMap(([step, phases]) => pointsOf(step, phases)),
    ];

const build = async (): Promise<string> => {
  const { status, body } = await world.call('POST', '/containers/build_dev');
  expect({ status, body }).toMatchObject({ status: 202 });
  return body.data.id as string;
};

const standingOn = async ({ server: { docker } }: Place) => {
  const images = await docker.images();
  return {
    dev: (await docker.image('alfa:dev'))?.id,
    withoutName: images.filter(({ references }) => references.length === 0).map(({ id }) => id),
    ofBuilds: images
      .flatMap(({ references }) => references.filter((name) => /^alfa(?:-keep\/build)?:/.test(name)))
      .toSorted(),
    containers: (await docker.listContainers()).map(({ name }) => name).toSorted(),
    networks: (await docker.networks()).map(({ name }) => name).toSorted(),
  };
};

const standing = async () => {
  const own = join(world.directory, 'data', 'builder');
  return {
    servers: await Promise.all(places.map(standingOn)),
    workspaces: await readdir(join(own, 'workspaces')).catch(() => []),
    halfLayers: await readdir(join(own, 'layers', 'incoming')).catch(() => []),
  };
};

/** What stands once every server has the image, and nothing else has come. */
const withImage = async (
  before: Awaited<ReturnType<typeof standing>>,
  { image, imageId }: { image: string; imageId: string },
) => {
  const ofBuilds = [image, 'alfa:dev'].toSorted();
  const good = { ...before, servers: before.servers.map((each) => ({ ...each, dev: imageId, ofBuilds })) };
  expect(await standing()).toEqual(good);
  return good;
};

/** A build of what is built already, which is cut off while it sends the image to the second server. */
const cancelOnTheWay = async ({ image }: { image: string }) => {
  const [, { machine, server }] = places;
  for (const name of [image, 'alfa:dev']) await server.docker.untagImage(name);
  await machine?.slowDown(8000);
  const id = await build();
  await eventually('bytes are sent', async () => {
    const { body } = await world.call('GET', `/operations/${id}/log`);
    return JSON.stringify(body).includes('image, sending') ? true : undefined;
  });
  await world.call('POST', `/operations/${id}/cancel`);
  expect(await finished(world.call, id)).toMatchObject({ status: 'cancelled' });
  await machine?.speedUp();
};

test(`a build whose builder is killed in every step ends ok, and one that fails leaves the image of before (ALFA_TEST_SEED=${extent.seed})`, async () => {
  const before = await standing();
  const builder = keepBuilderRunning(world, 'build', points);
  const attributes = { url: `file://${repository}` };
  await eventually('the builder is at work', async () => {
    const set = await world.call('PUT', '/repository', { data: { type: 'repositories', attributes } });
    return set.status === 200 ? true : undefined;
  });
  const first = (await finished(world.call, await build(), 300_000)) as unknown as {
    result: { image: string; imageId: string };
  };
  expect(first).toMatchObject({ status: 'ok', result: { servers: [{ outcome: 'ok' }, { outcome: 'ok' }] } });
  const crashes = await builder.crashes();
  expect(crashes.length).toBeGreaterThan(points.length / 2);
  const ways = Object.entries(onTheWay).flatMap(([step, phases]) => pointsOf(step, phases));
  expect(crashes).toEqual(expect.arrayContaining(ways));
  const good = await withImage(before, first.result);

  await cancelOnTheWay(first.result);
  await eventually('nothing of it has come', async () => {
    const [builds, other] = good.servers;
    expect((await standing()).servers).toEqual([builds, { ...other, dev: undefined, ofBuilds: [] }]);
    return true;
  });
  expect(await finished(world.call, await build())).toMatchObject({ status: 'ok', result: { built: false } });
  await withImage(before, first.result);

  await commit('One that fails', 'RUN echo two > /two', 'RUN echo it begins; sleep 3; exit 3');
  const second = await build();
  await eventually('the last command runs', async () => {
    const { body } = await world.call('GET', `/operations/${second}/log`);
    return JSON.stringify(body).includes('it begins') ? true : undefined;
  });
  builder.kill();
  expect(await finished(world.call, second, 120_000)).toMatchObject({
    error: { code: 'build_command_failed' },
  });
  await eventually(
    'nothing of it is left',
    async () => {
      expect(await standing()).toEqual(good);
      return true;
    },
    { timeoutMs: 30_000 },
  );
  for (const id of serverIds) {
    const cleaned = await act(world.call, 'POST', `/servers/${id}/cleanup`);
    expect(cleaned).toMatchObject({ status: 'ok', result: { imagesTotal: 0, leftovers: 0 } });
  }
  await builder.stop();
}, 480_000);
