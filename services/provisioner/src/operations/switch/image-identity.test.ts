import { afterEach, describe, expect, test } from '@jest/globals';
import { nameImage, type FakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { commandOf, stopRigs } from '../../../test/rig.ts';
import { withClient } from '../../../test/watched-client.ts';
import { keptImageName } from '../../resources/image/kept-image.ts';

afterEach(stopRigs);

const reference = 'alfa/client:1';
const first = `sha256:${reference}`;
const kept = keptImageName('first');

/** Builds the image anew under the same name. */
const rebuild = ({ engine }: FakeCloudServer, id: string) =>
  nameImage(engine, reference, { id, labels: {}, user: '33:33' });

/** What `docker image prune` takes: images without a name that no container is made from. */
const prune = ({ engine: { images, containers } }: FakeCloudServer) => {
  const used = new Set([...containers.values()].map(({ imageId }) => imageId));
  for (const [name, { id }] of images) if (name === id && !used.has(id)) images.delete(name);
};

const toSame = (clientId: string) => commandOf('SwitchImage', { clientId, targetImage: reference });

describe('a name that means another image by now', () => {
  test('can be switched to, and back to exactly the image before, prunes in between or not', async () => {
    const { cloud, clientId, succeed, refusal, container, events, seen } = await withClient();
    expect(await refusal(toSame(clientId))).toMatchObject([{ code: 'image_in_use' }]);
    rebuild(cloud, 'sha256:second');
    prune(cloud);
    expect(await succeed(toSame(clientId))).toEqual(
      expect.objectContaining({
        image: reference,
        imageId: 'sha256:second',
        previousImage: { reference, id: first },
      }),
    );
    expect(container()).toMatchObject({ imageId: 'sha256:second', spec: { image: 'sha256:second' } });
    expect((await events()).findLast(({ type }) => type === 'ClientImageSwitched')?.data).toMatchObject({
      from: reference,
      to: reference,
      fromImageId: first,
      imageId: 'sha256:second',
    });
    expect(await refusal(toSame(clientId))).toMatchObject([{ code: 'image_in_use' }]);
    rebuild(cloud, 'sha256:third');
    prune(cloud);
    await succeed(commandOf('RollBackImage', { clientId }));
    expect(container()?.imageId).toBe(first);
    prune(cloud);
    expect(await succeed(commandOf('RollBackImage', { clientId }))).toMatchObject({
      imageId: 'sha256:second',
      previousImage: { reference, id: first },
    });
    expect([...seen]).toEqual([200]);
  });

  test('is not what a changed client comes to run from', async () => {
    const { cloud, clientId, succeed, container } = await withClient();
    rebuild(cloud, 'sha256:second');
    const limits = { memoryMb: 300, cpus: 1, pids: 64 };
    await succeed(commandOf('ChangeClient', { clientId, limits }));
    expect(container()).toMatchObject({ imageId: first, spec: { limits } });
  });

  test('does not stand in for the recorded image when that is gone, and the client can be switched to it', async () => {
    const { cloud, clientId, fail, succeed, container } = await withClient();
    rebuild(cloud, 'sha256:second');
    cloud.engine.images.delete(first);
    const limits = { memoryMb: 300, cpus: 1, pids: 64 };
    const { cause } = await fail(commandOf('ChangeClient', { clientId, limits }));
    expect(cause).toMatchObject({
      code: 'image_not_on_server',
      reason: expect.stringContaining('switch the client to another one'),
    });
    expect(container()?.imageId).toBe(first);
    await succeed(toSame(clientId));
    expect(container()?.imageId).toBe('sha256:second');
  });
});

describe('the image that a rollback leads to', () => {
  test('has a name as long as it may be needed, and the one before it goes', async () => {
    const { cloud, clientId, succeed } = await withClient();
    const images = () => new Set([...cloud.engine.images.values()].map(({ id }) => id));
    rebuild(cloud, 'sha256:second');
    await succeed(toSame(clientId));
    expect(cloud.engine.images.get(kept)?.id).toBe(first);
    rebuild(cloud, 'sha256:third');
    await succeed(toSame(clientId));
    expect(cloud.engine.images.get(kept)?.id).toBe('sha256:second');
    expect(images()).not.toContain(first);
    expect(images()).toContain('sha256:third');
    await succeed(commandOf('DeleteClient', { clientId, confirm: 'first' }));
    expect(cloud.engine.images.has(kept)).toBe(false);
    expect(images()).not.toContain('sha256:second');
    expect(images()).toContain('sha256:third');
  });

  test('that somebody has removed is said to be gone', async () => {
    const { cloud, clientId, succeed, refusal } = await withClient();
    rebuild(cloud, 'sha256:second');
    await succeed(toSame(clientId));
    cloud.engine.images.delete(kept);
    expect(await refusal(commandOf('RollBackImage', { clientId }))).toMatchObject([
      { code: 'image_not_on_server', detail: expect.stringContaining(reference) },
    ]);
  });

  test('is no release: no client is made from its name or switched to it', async () => {
    const { rig, cloud, clientId, serverId, succeed, refusal } = await withClient();
    rebuild(cloud, 'sha256:second');
    await succeed(toSame(clientId));
    expect(await refusal(commandOf('SwitchImage', { clientId, targetImage: kept }))).toMatchObject([
      { code: 'image_not_on_server', parameter: 'targetImage' },
    ]);
    const creation = await rig.creation(serverId, { slug: 'second', image: kept });
    expect(await refusal(creation)).toMatchObject([{ code: 'image_not_on_server' }]);
  });
});
