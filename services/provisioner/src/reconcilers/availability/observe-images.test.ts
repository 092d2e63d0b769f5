import { expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { addFakeImage, fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { conforms, message, newId, ServerImagesObservation, streams, subjects } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { inMemoryFeed } from '@alfa-cloud/messaging/testing';
import { Semaphore } from '@alfa-cloud/service-kit';
import { otherImages } from '../../on-server/other-images.ts';
import { keptImageName } from '../../resources/image/kept-image.ts';
import { observeServerImages } from './observe-images.ts';

const serverId = newId();
const now = '2026-11-22T18:00:00.000Z';

test('the images of a server are told without its own ones and without names that only keep them, while it answers', async () => {
  const store = inMemoryEventStore();
  const registered = {
    type: 'ServerRegistered' as const,
    data: {
      serverId,
      operationId: newId(),
      name: 'S',
      role: 'production' as const,
      domain: 'lab.test',
      connection: { kind: 'local' as const },
      active: true,
      capacity: { clients: 1 },
      proxy: { httpPort: 8080 },
      secrets: 'v1.x',
    },
  };
  await store.append(streams.server(serverId), [{ id: newId(), event: registered }], {
    expectedRevision: 'no_stream',
    cause: { commandId: 'c', correlationId: 'c', causationId: 'c', actor: 'admin' },
  });
  const cloud = fakeCloudServer();
  const createdAt = new Date(now);
  const labels = { 'org.opencontainers.image.version': '1.4' };
  const id = addFakeImage(cloud.engine, 'alfa/client:1', { contents: ['x'], labels, createdAt });
  await cloud.docker.tagImage(id, { repository: 'alfa/client', tag: 'same' });
  const kept = addFakeImage(cloud.engine, keptImageName('first'), { contents: ['y'], createdAt });
  addFakeImage(cloud.engine, 'alfa/db:1', { contents: ['z'], labels: { 'cloud.alfa.image': 'database' } });
  const feed = inMemoryFeed();
  const deps = {
    store,
    feed,
    cloudServers: { of: () => cloud, close: async () => {} },
    clock: () => new Date(now),
    slots: new Semaphore(1),
    otherImages: otherImages([]),
  };
  const { signal } = new AbortController();
  await observeServerImages(deps, serverId, signal);
  cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
  await observeServerImages(deps, serverId, signal);
  await observeServerImages(deps, newId(), signal);
  const facts = { sizeBytes: 1, createdAt: now };
  expect(feed.published).toEqual([
    {
      subject: subjects.serverImages,
      message: {
        serverId,
        checkedAt: now,
        images: [
          { id, references: ['alfa/client:1', 'alfa/client:same'], version: '1.4', ...facts },
          { id: kept, references: [], version: null, ...facts },
        ],
      },
    },
  ]);
  expect(conforms(ServerImagesObservation, feed.published[0]?.message)).toBe(true);
});
