import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, sampleOf, walkExtent } from '@alfa-cloud/testing';
import { act, finished, registerServer } from './support/caller.ts';
import { keepBuilderRunning } from './support/kept-service.ts';
import { startWorld, type World } from './support/world.ts';

const execute = promisify(execFile);
const extent = walkExtent(process.env, new Date());
const steps = ['source', 'build', 'smoke-test', 'publish', 'distribute', 'retention'];

let world: World;
let serverId: string;
let repository: string;

const git = (...args: string[]) => execute('git', ['-C', repository, ...args]);

const commit = async (subject: string, ...lines: string[]): Promise<void> => {
  const text = ['FROM alfa/client:1', 'USER root', ...lines, 'USER 33:33', ''].join('\n');
  await writeFile(join(repository, 'Dockerfile'), text);
  await git('add', '--all');
  await git('-c', 'user.name=Test', '-c', 'user.email=test@lab.test', 'commit', '--quiet', '-m', subject);
};

beforeAll(async () => {
  world = await startWorld({
    services: 'projector,provisioner,notifier,api-gateway',
    env: { ALFA_GIT_FILE_URLS: 'true', ALFA_BUILDS_KEPT: '1' },
  });
  repository = join(world.directory, 'repository');
  await mkdir(repository);
  await git('init', '--quiet', '--initial-branch=dev');
  await commit('First', 'RUN echo one > /one');
  await git('branch', 'master');
  serverId = (await registerServer(world.call, { connection: world.place.connection })).id;
}, 240_000);
afterAll(() => world?.dispose(), 60_000);

/** One phase of each step, which changes with the day, or every one. */
const points = steps.flatMap((step) => {
  const all = ['started', 'started/call 1', 'started/call 2', 'started/call 3', 'acted', 'completed'];
  const chosen = extent.isFull ? all : sampleOf(all, 1, `${extent.seed} ${step}`);
  return chosen.map((phase) => `${step}/${phase}`);
});

const build = async (): Promise<string> => {
  const { status, body } = await world.call('POST', '/containers/build_dev');
  expect({ status, body }).toMatchObject({ status: 202 });
  return body.data.id as string;
};

const standing = async () => {
  const { docker } = world.place.server;
  const images = await docker.images();
  return {
    dev: (await docker.image('alfa:dev'))?.id,
    withoutName: images.filter(({ references }) => references.length === 0).map(({ id }) => id),
    ofBuilds: images.flatMap(({ references }) =>
      references.filter((name) => /^alfa(?:-keep\/build)?:/.test(name)),
    ),
    containers: (await docker.listContainers()).map(({ name }) => name).toSorted(),
    networks: (await docker.networks()).map(({ name }) => name).toSorted(),
    workspaces: await readdir(join(world.directory, 'data', 'builder', 'workspaces')).catch(() => []),
  };
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
  expect(first).toMatchObject({ status: 'ok' });
  const crashes = await builder.crashes();
  expect(crashes.length).toBeGreaterThan(points.length / 2);
  const { image, imageId } = first.result;
  const good = { ...before, dev: imageId, ofBuilds: [image, 'alfa:dev'].toSorted() };
  const stands = async () => {
    const now = await standing();
    expect({ ...now, ofBuilds: now.ofBuilds.toSorted() }).toEqual(good);
    return true;
  };
  await stands();

  await commit('One that fails', 'RUN echo two > /two', 'RUN echo it begins; sleep 5; exit 3');
  const second = await build();
  await eventually('the last command runs', async () => {
    const { body } = await world.call('GET', `/operations/${second}/log`);
    return JSON.stringify(body).includes('it begins') ? true : undefined;
  });
  builder.kill();
  expect(await finished(world.call, second, 120_000)).toMatchObject({
    error: { code: 'build_command_failed' },
  });
  await eventually('nothing of it is left', stands, { timeoutMs: 30_000 });
  const cleaned = await act(world.call, 'POST', `/servers/${serverId}/cleanup`);
  expect(cleaned).toMatchObject({ status: 'ok', result: { imagesTotal: 0, leftovers: 0 } });
  await builder.stop();
}, 480_000);
