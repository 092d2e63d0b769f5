import { afterEach, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message, streams, type ServerEvent } from '@alfa-cloud/contracts';
import {
  addServer,
  buildDevCommand,
  cleanUpCommand,
  commitNamed,
  endWorlds,
  fakeEngine,
  newWorld,
  outcomeOf,
  startBuilder,
  type World,
} from '../testing/rig.ts';

afterEach(endWorlds);

const start = async () => {
  const world = await newWorld();
  const builds = fakeEngine();
  const other = fakeEngine();
  const ids = {
    builds: await addServer(world, 'builds', builds, { role: 'build' }),
    other: await addServer(world, 'other', other),
  };
  return { world, builds, other, ids };
};

/** Builds commits of these names, one after the other. */
const build = async (world: World, keep: number, ...names: string[]) => {
  const builder = await startBuilder(world, { keep });
  const stories: string[] = [];
  for (const name of names) {
    world.now = new Date(world.now.getTime() + 60_000);
    world.head = { commit: commitNamed(name), files: { Dockerfile: 'FROM base', app: name } };
    const command = buildDevCommand();
    await builder.send(command);
    const { end, story } = await outcomeOf(world, command);
    expect({ end, story: end?.status === 'ok' ? '' : story }).toEqual({ end: { status: 'ok' }, story: '' });
    stories.push(story);
  }
  await builder.stop();
  return stories.join('\n');
};

/** Commits whose images have names of their own there. */
const imagesOn = ({ engine }: ReturnType<typeof fakeEngine>): string[] => {
  const commits = ['one', 'two', 'three', 'four'].filter((name) =>
    [...engine.images.keys()].some((reference) => reference.endsWith(commitNamed(name).sha.slice(0, 7))),
  );
  return commits;
};

const cleanedIn = async ({ store }: World, serverId: string) => {
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  return events.flatMap(({ type, data }) => (type === 'ServerCleanedUp' ? [data] : []));
};

test('after a build the newest images stay where it came, and older ones go; what a server says to it fails no build', async () => {
  const { world, builds, other, ids } = await start();
  await build(world, 2, 'one', 'two', 'three');
  expect([imagesOn(builds), imagesOn(other)]).toEqual([
    ['two', 'three'],
    ['two', 'three'],
  ]);
  const [cleaned] = await cleanedIn(world, ids.other);
  expect(cleaned).toMatchObject({ operationId: null, buildId: expect.any(String), imagesTotal: 1 });
  other.docker.networks = async () => {
    throw new CloudServerError('transient', 'docker_unreachable', message`away`);
  };
  expect(await build(world, 2, 'four')).toContain('other: Old images stay for now: away');
  expect([imagesOn(builds), imagesOn(other)]).toEqual([
    ['three', 'four'],
    ['two', 'three', 'four'],
  ]);
});

test('a clean-up removes what its plan tells, records it, and leaves the image that a client runs from', async () => {
  const { world, builds, ids } = await start();
  await build(world, 10, 'one', 'two', 'three', 'four');
  const running = [...builds.engine.images].find(([name]) =>
    name.endsWith(commitNamed('two').sha.slice(0, 7)),
  );
  const client = {
    id: 'c',
    slug: 'lab',
    image: 'other:1',
    imageId: running?.[1].id ?? null,
    previousImage: null,
  };
  world.clients.push(client as never);
  const builder = await startBuilder(world, { keep: 1 });
  const plan = await builder.planCleanup(ids.builds);
  expect(plan).toMatchObject({ keep: 1, freesBytes: 2, leftovers: [] });
  expect(plan.remove).toHaveLength(2);
  expect(plan.kept.flatMap(({ reasons }) => reasons.map(({ code }) => code)).toSorted()).toEqual([
    'client',
    'moving_tag',
    'newest',
    'not_ours',
  ]);
  expect(imagesOn(builds)).toEqual(['one', 'two', 'three', 'four']);

  const command = cleanUpCommand(ids.builds);
  const { reply } = await builder.send(command);
  expect(reply).toMatchObject({ outcome: 'accepted', ids: { serverId: ids.builds } });
  const { end, result } = await outcomeOf(world, command);
  expect({ end, result }).toMatchObject({ end: { status: 'ok' }, result: { imagesTotal: 2, freedBytes: 2 } });
  expect(imagesOn(builds)).toEqual(['two', 'four']);
  expect(await cleanedIn(world, ids.builds)).toMatchObject([{ buildId: null, imagesTotal: 2, leftovers: 0 }]);
});

test('a container that is made from an image meanwhile keeps it, which is told', async () => {
  const { world, builds, ids } = await start();
  await build(world, 10, 'one', 'two');
  const builder = await startBuilder(world, { keep: 1 });
  const untag = builds.docker.untagImage.bind(builds.docker);
  const named = [...builds.engine.images.keys()].find((name) =>
    name.endsWith(commitNamed('one').sha.slice(0, 7)),
  );
  builds.docker.untagImage = async (...args) => {
    const limits = { memoryMb: 1, cpus: 1, pids: 1 };
    const plain = { env: {}, labels: {}, mounts: [], ports: [], network: 'none', aliases: [], limits };
    await builds.docker.createContainer('sudden', { ...plain, image: named } as never).catch(() => undefined);
    return untag(...args);
  };
  const command = cleanUpCommand(ids.builds);
  await builder.send(command);
  const { result, story } = await outcomeOf(world, command);
  expect(result).toMatchObject({ imagesTotal: 0, freedBytes: 0 });
  expect(story).toContain('Still in use: image alfa:dev-');
  expect(imagesOn(builds)).toEqual(['one', 'two']);
});

test('an image that comes while it is asked who needs which stays', async () => {
  const { world, builds, ids } = await start();
  await build(world, 10, 'one', 'two');
  const builder = await startBuilder(world, { keep: 1 });
  const isOld = (name: string) => name.endsWith(commitNamed('one').sha.slice(0, 7));
  const list = builds.docker.images.bind(builds.docker);
  let looks = 0;
  builds.docker.images = async (...args) => {
    looks += 1;
    const images = await list(...args);
    return looks === 1 ? images.filter(({ references }) => !references.some(isOld)) : images;
  };
  const command = cleanUpCommand(ids.builds);
  await builder.send(command);
  expect((await outcomeOf(world, command)).result).toMatchObject({ imagesTotal: 0, freedBytes: 0 });
  expect(imagesOn(builds)).toEqual(['one', 'two']);
  await builder.send(cleanUpCommand(ids.builds));
  expect(imagesOn(builds)).toEqual(['two']);
});

test('a server that is not there is refused', async () => {
  const { world } = await start();
  const builder = await startBuilder(world);
  const unknown = '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90';
  expect((await builder.send(cleanUpCommand(unknown))).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'not_found' }],
  });
  await expect(builder.planCleanup(unknown)).rejects.toMatchObject({ name: 'Rejection' });
});
