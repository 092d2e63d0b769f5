import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { ownCause, requestCancel } from '@alfa-cloud/operations';
import { sleep } from '@alfa-cloud/service-kit';
import {
  addServer,
  answerOf,
  buildDevCommand,
  commitNamed,
  endWorlds,
  fakeEngine,
  newWorld,
  operationIdOf,
  outcomeOf,
  startBuilder,
} from '../testing/rig.ts';

afterEach(endWorlds);

const start = async (options: Parameters<typeof fakeEngine>[0] = {}) => {
  const world = await newWorld();
  const builds = fakeEngine(options);
  const other = fakeEngine();
  const ids = {
    builds: await addServer(world, 'builds', builds, { role: 'build' }),
    other: await addServer(world, 'other', other),
  };
  const builder = await startBuilder(world);
  const run = async (data: Parameters<typeof buildDevCommand>[0] = {}) => {
    const command = buildDevCommand(data);
    const { reply } = await builder.send(command);
    return { reply, command, ...(await outcomeOf(world, command)) };
  };
  return { world, builder, builds, other, ids, run };
};

const first = commitNamed('first');
const reference = `alfa:dev-20261126-183005-${first.sha.slice(0, 7)}`;
const namesOn = ({ engine }: ReturnType<typeof fakeEngine>) =>
  [...engine.images]
    .flatMap(([name, { id }]) => (name.startsWith('alfa/') ? [] : [{ name, id }]))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

describe('a build', () => {
  test('makes the image where there is a server for it, tests it, names it, and brings it to the others', async () => {
    const { run, builds, other, ids } = await start();
    const { end, result, builds: events, workspaces, story } = await run();
    expect({ end, story: end?.status === 'ok' ? '' : story }).toEqual({ end: { status: 'ok' }, story: '' });
    const imageId = builds.engine.images.get(reference)?.id;
    expect(result).toMatchObject({
      branch: 'dev',
      commit: first.sha,
      image: reference,
      imageId,
      built: true,
      servers: [{ serverId: ids.other, name: 'other', outcome: 'ok' }],
    });
    const names = ['alfa:dev', reference].map((name) => ({ name, id: imageId }));
    expect([namesOn(builds), namesOn(other)]).toEqual([names, names]);
    expect(builds.engine.images.get(reference)?.labels).toEqual({
      'cloud.alfa.build': expect.any(String),
      'cloud.alfa.build.branch': 'dev',
      'org.opencontainers.image.revision': first.sha,
      'org.opencontainers.image.created': '2026-11-26T18:30:05.000Z',
    });
    expect(events).toEqual([
      'BuildBegun',
      'BuildCommitChosen',
      'BuildImagePublished',
      'BuildDistributed',
      'BuildSucceeded',
    ]);
    expect([builds.engine.containers.size, builds.engine.networks.size, workspaces]).toEqual([0, 0, []]);
    expect(story).toContain('Built on server builds, which has the role');
  });

  test('of a commit that has been built takes its image, unless it is forced', async () => {
    const { run, builds } = await start();
    const { result: made } = await run();
    const { result, story } = await run();
    expect(result).toMatchObject({ image: reference, imageId: made?.['imageId'], built: false });
    expect(story).toContain('has been built already');
    const before = builds.engine.images.size;
    expect((await run({ force: true })).result).toMatchObject({ built: true });
    expect(builds.engine.images.size).toBeGreaterThanOrEqual(before);
  });

  test('of a commit that the branch was taken back to lets its name mean the image of before', async () => {
    const { run, world, builds, other } = await start();
    const { result: made } = await run();
    const head = world.head;
    world.head = { commit: commitNamed('second'), files: { Dockerfile: 'FROM base', app: '2' } };
    const { result: later } = await run();
    expect(builds.engine.images.get('alfa:dev')?.id).toBe(later?.['imageId']);
    world.head = head;
    const { result } = await run();
    expect(result).toMatchObject({ imageId: made?.['imageId'], built: false });
    for (const { engine } of [builds, other])
      expect(engine.images.get('alfa:dev')?.id).toBe(made?.['imageId']);
  });

  test('of a commit that has been built for another branch gets the name of this one', async () => {
    const { run, world, builds } = await start();
    await run();
    world.head = { ...world.head, commit: { ...first, branch: 'next' } };
    expect(await run()).toMatchObject({ result: { built: true, branch: 'next' } });
    expect(builds.engine.images.has('alfa:next')).toBe(true);
  });

  test('asks again for the image of before while the engine is away', async () => {
    const { run, builds } = await start();
    await run();
    const image = builds.docker.image.bind(builds.docker);
    let outages = 1;
    builds.docker.image = async (...args) => {
      if ((outages -= 1) === 0) throw new CloudServerError('transient', 'docker_unreachable', message`away`);
      return image(...args);
    };
    expect(await run()).toMatchObject({ end: { status: 'ok' }, result: { built: false } });
  });

  test('of a branch that is being built is refused with the operation that does it', async () => {
    const { world, builder, builds } = await start();
    const building = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    const build = builds.docker.buildImage.bind(builds.docker);
    builds.docker.buildImage = async (...args) => {
      building.resolve();
      await free.promise;
      return build(...args);
    };
    const command = buildDevCommand();
    const running = builder.send(command);
    await building.promise;
    const { reply } = await builder.send(buildDevCommand());
    expect(reply).toMatchObject({
      outcome: 'rejected',
      faults: [{ code: 'operation_in_progress', meta: { operationId: operationIdOf(command) } }],
    });
    free.resolve();
    await running;
    expect((await outcomeOf(world, command)).end).toEqual({ status: 'ok' });
  });

  test('goes to the servers that are asked for, and one that is away keeps it from no other', async () => {
    const { run, world, other, ids } = await start();
    const third = await addServer(world, 'third', fakeEngine(), { active: false });
    other.engine.outage = new CloudServerError('final', 'login_refused', message`away`);
    const { result } = await run({ targetServers: [ids.other, third] });
    expect(result?.['servers']).toMatchObject([
      { name: 'other', outcome: 'failed', code: 'login_refused' },
      { name: 'third', outcome: 'ok' },
    ]);
    const { end } = await run({ targetServers: [ids.other] });
    expect(end).toMatchObject({ status: 'error', cause: { code: 'not_distributed' } });
    const { reply } = await run({ targetServers: ['5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90'] });
    expect(reply).toMatchObject({ outcome: 'rejected', faults: [{ code: 'server_unknown' }] });
  });

  test('that is cancelled before the image has its names on a server leaves it without, and the image where it was built', async () => {
    const { world, builder, builds, other } = await start();
    const command = buildDevCommand();
    const tag = other.docker.tagImage.bind(other.docker);
    other.docker.tagImage = async (_id, _name, options) => {
      expect(await other.docker.images()).toContainEqual(expect.objectContaining({ references: [] }));
      await requestCancel(world.store, { operationId: operationIdOf(command), cause: ownCause() });
      await sleep(60_000, options?.signal);
    };
    await builder.send(command);
    expect((await outcomeOf(world, command)).end).toEqual({ status: 'cancelled', leftovers: [] });
    const unnamed = (await other.docker.images()).filter(({ references }) => references.length === 0);
    expect([unnamed, namesOn(other)]).toEqual([[], []]);
    expect(namesOn(builds).map(({ name }) => name)).toEqual(['alfa:dev', reference]);
    other.docker.tagImage = tag;
    const again = buildDevCommand();
    await builder.send(again);
    expect(await outcomeOf(world, again)).toMatchObject({ end: { status: 'ok' }, result: { built: false } });
    expect(namesOn(other)).toEqual(namesOn(builds));
  });

  test('tries a transfer again that was cut off after minutes', async () => {
    const { run, other } = await start();
    const now = performance.now.bind(performance);
    let passedMs = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
    const tag = other.docker.tagImage.bind(other.docker);
    other.docker.tagImage = async (...args) => {
      if (passedMs > 0) return tag(...args);
      passedMs = 3 * 60_000;
      throw new CloudServerError('transient', 'docker_unreachable', message`cut off`);
    };
    const { result } = await run();
    clock.mockRestore();
    expect(result?.['servers']).toMatchObject([{ name: 'other', outcome: 'ok' }]);
  });

  test('is read for the servers while it is tested, and again when that has failed', async () => {
    const { builds, other, run, world } = await start();
    /** Whether it was tested just then. */
    const reads: boolean[] = [];
    const saveImage = builds.docker.saveImage.bind(builds.docker);
    builds.docker.saveImage = async (...args) => {
      // Names are given after the test.
      reads.push(builds.engine.images.get('alfa:dev')?.id !== args[0][0]);
      if (reads.length === 1) throw new CloudServerError('transient', 'docker_unreachable', message`away`);
      await saveImage(...args);
    };
    const { end, story } = await run();
    expect({ end, reads }).toEqual({ end: { status: 'ok' }, reads: [true, false] });
    expect(JSON.stringify(story)).toContain('is read again when it goes to the servers: away');
    world.head = { commit: commitNamed('second'), files: { Dockerfile: 'FROM base', app: '2' } };
    expect((await run()).end).toEqual({ status: 'ok' });
    expect(reads).toEqual([true, false, true]);
    expect(namesOn(other)).toEqual(namesOn(builds));
  });

  test('without a server to build on is refused', async () => {
    const world = await newWorld();
    await addServer(world, 'other', fakeEngine());
    const builder = await startBuilder(world);
    const { reply } = await builder.send(buildDevCommand());
    expect(reply).toMatchObject({ outcome: 'rejected', faults: [{ code: 'no_build_server' }] });
  });
});

describe('an image that fails its smoke test', () => {
  test.each([
    [
      'migration',
      (argv: readonly string[]) => argv.includes('migrate'),
      'php artisan migrate --force ended with',
    ],
    ['version', (argv: readonly string[]) => argv.includes('--version'), 'php artisan --version ended with'],
    [
      'health',
      (argv: readonly string[]) => argv.some((word) => word.includes('/healthz')),
      '/healthz does not answer',
    ],
  ])(
    'by its %s goes, with all that the test has made, and the branch keeps the image of before',
    async (_, breaks, told) => {
      let isBroken = false;
      const { world, run, builds, other } = await start({
        exec: ({ request }) => {
          const fails = isBroken && breaks(request.argv);
          return { exitCode: fails ? 1 : 0, stdout: fails ? '' : answerOf(request.argv) };
        },
      });
      await run();
      const good = [namesOn(builds), namesOn(other)];
      isBroken = true;
      world.head = { commit: commitNamed('second'), files: { Dockerfile: 'FROM base', app: '2' } };
      const { end, builds: events, workspaces } = await run();
      expect(end).toMatchObject({
        status: 'error',
        cause: { code: 'smoke_test_failed', step: 'smoke-test' },
      });
      expect(JSON.stringify(end)).toContain(told);
      expect([namesOn(builds), namesOn(other)]).toEqual(good);
      expect(events.at(-1)).toBe('BuildFailed');
      expect([builds.engine.containers.size, builds.engine.networks.size, workspaces]).toEqual([0, 0, []]);
      isBroken = false;
      expect((await run()).end).toEqual({ status: 'ok' });
    },
  );
});

test('a commit without a Dockerfile, and one that Docker can not build, say what to do', async () => {
  const { world, run } = await start({
    build: () => {
      throw new CloudServerError(
        'final',
        'build_failed',
        message`Docker could not build the image: ${'COPY failed: no such file'}`,
      );
    },
  });
  expect((await run()).end).toMatchObject({ cause: { code: 'copied_file_missing' } });
  world.head = { commit: commitNamed('second'), files: { app: '2' } };
  expect((await run()).end).toMatchObject({ cause: { code: 'dockerfile_missing' } });
});
