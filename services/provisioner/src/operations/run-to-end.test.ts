import { afterEach, expect, test } from '@jest/globals';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import { fakeLaboratory } from '../../test/fake-laboratory.ts';
import { inNoTime, operationIdOf, startRig, stopRigs } from '../../test/rig.ts';

afterEach(stopRigs);

test('a worker that was believed dead finds its operation ended by another one, and finishes quietly', async () => {
  const cloud = fakeLaboratory();
  const stuck = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const slow = await startRig({
    cloud: withEffectHooks(cloud, {
      after: async ({ name }) => {
        if (name !== 'docker.createVolume') return;
        stuck.resolve();
        await released;
      },
    }),
    creation: inNoTime,
  });
  const quick = await startRig({ cloud, store: slow.store, vault: slow.vault, creation: inNoTime });
  const registration = quick.registration();
  await quick.send(registration);
  const command = await slow.creation(registration.data.serverId);
  const late = slow.send(command);
  await stuck.promise;
  await quick.send(command);
  const story = await quick.story(operationIdOf(command));
  expect((await quick.eventsOf(operationIdOf(command))).at(-1)?.type).toBe('OperationSucceeded');
  release();
  expect(await late).toMatchObject({ error: null, reply: { outcome: 'accepted' } });
  expect(await quick.story(operationIdOf(command))).toBe(story);
});

test('no more operations run on one server at the same time than set, and the others wait as accepted', async () => {
  const cloud = fakeLaboratory();
  let running = 0;
  let most = 0;
  const rig = await startRig({
    cloud,
    creation: inNoTime,
    env: { ALFA_OPERATIONS_PER_SERVER: '2' },
    observer: ({ phase }) => {
      if (phase === 'claimed') running += 1;
      most = Math.max(most, running);
      if (phase === 'concluded') running -= 1;
    },
  });
  const registration = rig.registration();
  await rig.send(registration);
  const commands = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((slug) => rig.creation(registration.data.serverId, { slug })),
  );
  const ends = await Promise.all(commands.map((command) => rig.send(command)));
  expect(ends.map(({ reply }) => reply?.outcome)).toEqual(Array.from({ length: 5 }, () => 'accepted'));
  expect(cloud.database.databases.size).toBe(5);
  expect(most).toBe(2);
});
