import { streams, subjects } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { dumpFile } from '../src/testing/dump.ts';
import { bulkIdOf, bulkStory, childStory } from '../src/testing/bulk-stories.ts';
import { clientIdOf, serverStory } from '../src/testing/stories.ts';
import { createWorld, live, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.append(serverStory('one'));
});
afterAll(() => world.close());

const bulk = { name: 'all', slugs: ['a', 'b', 'c'] };
const parentId = bulkIdOf('all');

test('who follows an operation over many clients is nudged by its children, and its progress is the same after a rebuild', async () => {
  for (const slug of bulk.slugs) await world.append(await world.client({ slug, server: 'one' }));
  await world.append(bulkStory(bulk));
  const projector = world.projector();
  await projector.start();
  const progress = async (position: string) =>
    (await world.ask('GetOperation', { id: parentId }, position)).result.progress;
  let before: Awaited<ReturnType<typeof progress>>;
  let position: string;
  try {
    await live(projector);
    const nudges: string[] = [];
    const stopListening = world.messaging.feed.subscribe(subjects.operationChanged(parentId), (message) =>
      nudges.push((message as { position: string }).position),
    );
    position = await world.append(childStory(bulk, 'a', 'ok'));
    expect(await progress(position)).toMatchObject({ total: 3, done: 1, failed: 0, running: 0 });
    await eventually('the nudge by the end of the child', () => nudges.includes(position));
    position = await world.append([...childStory(bulk, 'b', 'error'), ...childStory(bulk, 'c', 'open')]);
    stopListening();
    before = await progress(position);
    expect(before).toMatchObject({ done: 2, failed: 1, running: 1 });
  } finally {
    await projector.stop();
  }
  const rows = dumpFile(world.file);
  expect(rows.operations.filter((row) => row['parent_id'] === parentId)).toHaveLength(3);
  await rm(world.file);
  const rebuilt = world.projector();
  await rebuilt.start();
  try {
    await live(rebuilt);
    const { etaSeconds: _, ...counts } = before ?? {};
    expect(await progress(position)).toMatchObject(counts);
  } finally {
    await rebuilt.stop();
  }
  expect(dumpFile(world.file)).toEqual(rows);
});

test('after a restart the last known availability is shown for as long as it is fresh', async () => {
  await world.append([
    ...(await world.client({ slug: 'fresh', server: 'one' })),
    ...(await world.client({ slug: 'old', server: 'one' })),
  ]);
  const told = (slug: string, available: boolean, reason: string | null, checkedAt: string) => ({
    stream: streams.client(clientIdOf(slug)),
    event: {
      type: 'ClientAvailabilityChanged' as const,
      data: { clientId: clientIdOf(slug), available, reason, checkedAt },
    },
  });
  const now = new Date().toISOString();
  const longAgo = new Date(Date.now() - 3_600_000).toISOString();
  await world.append([told('fresh', false, 'no answer', now), told('old', true, null, longAgo)]);
  for (let start = 0; start < 2; start += 1) {
    const projector = world.projector();
    await projector.start();
    try {
      await live(projector);
      expect((await world.ask('GetClient', { id: clientIdOf('fresh') })).result).toMatchObject({
        available: false,
        unavailableReason: 'no answer',
        availableCheckedAt: now,
      });
      expect((await world.ask('GetClient', { id: clientIdOf('old') })).result).toMatchObject({
        available: null,
        availableCheckedAt: longAgo,
      });
    } finally {
      await projector.stop();
    }
  }
});
