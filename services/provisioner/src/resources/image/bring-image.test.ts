import { afterEach, describe, expect, test } from '@jest/globals';
import { CloudServerError, createImageCarrier } from '@alfa-cloud/cloud-server';
import { addFakeImage } from '@alfa-cloud/cloud-server/testing';
import { message } from '@alfa-cloud/contracts';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { loadServer } from '@alfa-cloud/servers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/two-servers.ts';
import { bringImage } from './bring-image.ts';
import type { SoughtImage } from './find-image.ts';

const directories: string[] = [];
afterEach(async () => {
  await stopRigs();
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

const reference = 'registry.test/alfa/client:5';

const start = async () => {
  const servers = await twoServers();
  const { rig, cloud, ids, cloudOf, readModels } = servers;
  const directory = await mkdtemp(join(tmpdir(), 'alfa-layers-'));
  directories.push(directory);
  const { state } = await loadServer(rig.store, ids.target);
  if (state.status === 'absent') throw new Error('no server');
  const log: string[] = [];
  const deps = {
    store: rig.store,
    queries: querySenderOf(readModels),
    cloudServers: { of: ({ id }: { id: string }) => cloudOf(id) ?? cloud, close: async () => {} },
    carrier: createImageCarrier({ directory, bytesMax: 1000 }),
    imageTransfer: { transferMs: 10_000, pullMs: 10_000 },
  };
  const io = {
    signal: new AbortController().signal,
    output: (text: string) => void log.push(text),
    transfer: () => undefined,
  };
  const { server } = state;
  return { ...servers, log, bring: (wanted: SoughtImage) => bringImage(deps, { ...wanted, to: server }, io) };
};

const idOn = async ({ docker }: Awaited<ReturnType<typeof start>>['cloud'], name: string) =>
  (await docker.image(name))?.id ?? null;

describe('an image that a server lacks', () => {
  test('comes from the one that has it, under its name, and is there the next time', async () => {
    const { bring, cloud, other, ids, log } = await start();
    const id = addFakeImage(other.engine, reference, { contents: ['base', 'top'] });
    addFakeImage(cloud.engine, 'alfa/client:4', { contents: ['base', 'old'] });
    const from = { id: ids.other, name: 'Other' };
    expect(await bring({ reference })).toEqual({ imageId: id, from, bytesSent: 3 });
    expect(await idOn(cloud, reference)).toBe(id);
    expect(log.join('')).toContain('comes from server Other');
    expect(log.join('')).toContain('1 of 2 layers were there already');
    expect(await bring({ reference })).toEqual({ imageId: id, from: 'present', bytesSent: 0 });
    expect(await bring({ reference, imageId: id })).toMatchObject({ from: 'present' });
  });

  test('is named when it was there without its name', async () => {
    const { bring, cloud } = await start();
    const id = addFakeImage(cloud.engine, 'alfa/client:4', { contents: ['base'] });
    expect(await bring({ reference, imageId: id })).toMatchObject({ imageId: id, from: 'present' });
    expect(await idOn(cloud, reference)).toBe(id);
  });

  test('does not take its name from another image, and nothing is sent', async () => {
    const { bring, cloud, other } = await start();
    const id = addFakeImage(other.engine, reference, { contents: ['base', 'top'] });
    const own = addFakeImage(cloud.engine, reference, { contents: ['own'] });
    await expect(bring({ reference, imageId: id })).rejects.toMatchObject({
      kind: 'final',
      code: 'image_name_taken',
      message: expect.stringMatching(new RegExp(`${own}.*${id}`)),
    });
    expect([await idOn(cloud, reference), await idOn(cloud, id)]).toEqual([own, null]);
    expect(await bring({ reference })).toMatchObject({ imageId: own, from: 'present' });
  });

  test('is the one that was made last where its name means various ones, or exactly the one that is wanted', async () => {
    const { bring, cloud, other } = await start();
    const image = { contents: ['new'], createdAt: new Date(2000) };
    const newer = addFakeImage(other.engine, reference, image);
    const older = addFakeImage(other.engine, 'alfa/client:old', { contents: ['old'] });
    expect(await bring({ reference: 'alfa/client:x', imageId: older })).toMatchObject({ imageId: older });
    expect(await bring({ reference })).toMatchObject({ imageId: newer });
    expect(await idOn(cloud, 'alfa/client:x')).toBe(older);
  });

  test('does not come onto a disk that it would fill', async () => {
    const { bring, cloud, other } = await start();
    const id = addFakeImage(other.engine, reference, { contents: ['x'.repeat(100)] });
    const disk = { totalBytes: 1000, usedBytes: 0, inodes: null, inodesFree: null };
    cloud.measurements.fileSystems = [
      { ...disk, path: '/', freeBytes: 10 },
      { ...disk, path: '/var/lib/docker', freeBytes: 199 },
    ];
    await expect(bring({ reference })).rejects.toMatchObject({ kind: 'final', code: 'disk_full' });
    expect(await idOn(cloud, id)).toBeNull();
    cloud.measurements.fileSystems = [
      { ...disk, path: '/', freeBytes: 10 },
      { ...disk, path: '/var/lib/docker', freeBytes: 200 },
    ];
    await bring({ reference });
  });
});

describe('an image that no server has', () => {
  test('comes from the registry that its name begins with', async () => {
    const { bring, cloud } = await start();
    cloud.engine.registry.set(reference, { id: 'sha256:r', labels: {}, user: '' });
    expect(await bring({ reference })).toEqual({ imageId: 'sha256:r', from: 'registry', bytesSent: 0 });
  });

  test('is not fetched from a public registry by a name that anybody may own there', async () => {
    const { bring, cloud } = await start();
    cloud.engine.registry.set('alfa/client:5', { id: 'sha256:stranger', labels: {}, user: '' });
    await expect(bring({ reference: 'alfa/client:5' })).rejects.toMatchObject({
      kind: 'final',
      code: 'image_not_on_server',
      message: 'Image alfa/client:5 is not on server Target, nor on any of the others (Other)',
    });
  });

  test('is said to be nowhere, with who did not answer', async () => {
    const { bring, other } = await start();
    other.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    await expect(bring({ reference })).rejects.toThrow(
      `Image ${reference} is not on server Target; registry registry.test does not give it to us; these did not answer: Other`,
    );
  });

  test('is not one that is no client application', async () => {
    const { bring, other, cloud } = await start();
    addFakeImage(other.engine, reference, { contents: ['db'], labels: { 'cloud.alfa.image': 'database' } });
    await expect(bring({ reference })).rejects.toMatchObject({ code: 'image_not_on_server' });
    cloud.engine.registry.set(reference, {
      id: 'sha256:r',
      labels: { 'cloud.alfa.image': 'proxy' },
      user: '',
    });
    await expect(bring({ reference })).rejects.toThrow('is not a client application');
  });
});
