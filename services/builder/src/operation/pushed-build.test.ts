import { afterEach, expect, test } from '@jest/globals';
import { ownCause, requestCancel } from '@alfa-cloud/operations';
import { eventually } from '@alfa-cloud/testing';
import {
  addServer,
  buildDevCommand,
  commitNamed,
  endWorlds,
  fakeEngine,
  newWorld,
  operationIdOf,
  outcomeOf,
  startBuilder,
  type World,
} from '../testing/rig.ts';

afterEach(endWorlds);

const files = { Dockerfile: 'FROM base', app: '1' };
const [first, second, third] = [commitNamed('first'), commitNamed('second'), commitNamed('third')];

/** A builder that is building the first commit until it is told to go on. */
const busy = async () => {
  const world = await newWorld();
  const engine = fakeEngine();
  await addServer(world, 'builds', engine, { role: 'build' });
  const building = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const build = engine.docker.buildImage.bind(engine.docker);
  engine.docker.buildImage = async (...args) => {
    building.resolve();
    await free.promise;
    return build(...args);
  };
  const builder = await startBuilder(world);
  const running = buildDevCommand();
  const ended = builder.send(running);
  await building.promise;
  const push = (commit: typeof first) => {
    world.head = { commit, files: { ...files, app: commit.subject } };
    return buildDevCommand({ pushed: commit.sha });
  };
  const finish = async () => {
    free.resolve();
    await ended;
  };
  return { world, builder, running, push, finish };
};

const isAccepted = (world: World, command: Parameters<typeof outcomeOf>[1]) =>
  eventually(
    'the operation is known',
    async () => (await outcomeOf(world, command)).story !== '' || undefined,
  );

const refusedFor = (command: { id: string }) => ({
  outcome: 'rejected',
  faults: [{ code: 'operation_in_progress', meta: { operationId: operationIdOf(command) } }],
});

test('a push of the commit that is being built is that build', async () => {
  const { builder, running, push, finish } = await busy();
  expect((await builder.send(push(first))).reply).toMatchObject(refusedFor(running));
  await finish();
});

test('a push of a newer commit is built after the build that runs, and so are all that come meanwhile, once', async () => {
  const { world, builder, running, push, finish } = await busy();
  const queued = push(second);
  const followed = builder.send(queued);
  await isAccepted(world, queued);
  expect((await builder.send(push(third))).reply).toMatchObject(refusedFor(queued));
  // Whoever asks by hand is told what runs now.
  expect((await builder.send(buildDevCommand())).reply).toMatchObject(refusedFor(running));
  expect((await outcomeOf(world, queued)).builds).toEqual(['BuildQueued']);
  await finish();
  await followed;
  expect((await outcomeOf(world, running)).result).toMatchObject({ commit: first.sha, built: true });
  const { end, result, builds } = await outcomeOf(world, queued);
  expect([end, result?.['commit'], builds.slice(0, 2)]).toEqual([
    { status: 'ok' },
    third.sha,
    ['BuildQueued', 'BuildBegun'],
  ]);
});

test('a queued build waits on after a restart, and builds then', async () => {
  const { world, builder, push, finish } = await busy();
  const queued = push(second);
  const stopping = new AbortController();
  const waiting = builder.send(queued, { signal: stopping.signal });
  await isAccepted(world, queued);
  stopping.abort();
  expect((await waiting).error).toMatchObject({ name: 'HandedBack' });
  await finish();
  await (await startBuilder(world)).send(queued);
  expect(await outcomeOf(world, queued)).toMatchObject({
    end: { status: 'ok' },
    result: { commit: second.sha },
  });
});

test('a queued build that is cancelled leaves its place at once, and what is pushed then is built', async () => {
  const { world, builder, push, finish } = await busy();
  const cancelled = push(second);
  const given = builder.send(cancelled);
  await isAccepted(world, cancelled);
  await requestCancel(world.store, { operationId: operationIdOf(cancelled), cause: ownCause() });
  await eventually(
    'its place is free',
    async () => (await outcomeOf(world, cancelled)).builds.includes('BuildCancelled') || undefined,
  );
  const next = push(third);
  const followed = builder.send(next);
  await isAccepted(world, next);
  await finish();
  await Promise.all([given, followed]);
  const { end, builds } = await outcomeOf(world, cancelled);
  expect([end, builds]).toEqual([{ status: 'cancelled', leftovers: [] }, ['BuildQueued', 'BuildCancelled']]);
  expect(await outcomeOf(world, next)).toMatchObject({
    end: { status: 'ok' },
    result: { commit: third.sha },
  });
});
