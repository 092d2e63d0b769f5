import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DockerEngine, ImageFacts } from '../docker/docker-engine.ts';
import { addFakeImage, fakeCloudServer, type FakeCloudServer } from '../testing.ts';
import type { CarryOptions } from './carry-options.ts';
import { digestOf } from './digest.ts';
import { createImageCarrier } from './image-carrier.ts';
import { incomingName } from './incoming-name.ts';
import { LayerCache } from './layer-cache.ts';

let directory: { path: string };
beforeEach(async () => {
  directory = { path: await mkdtemp(join(tmpdir(), 'alfa-images-')) };
});
afterEach(() => rm(directory.path, { recursive: true }));

const name = 'alfa/client:2';
const io = (more: Partial<CarryOptions> = {}): CarryOptions => ({
  signal: new AbortController().signal,
  deadlineMs: 10_000,
  ...more,
});
const kept = async (): Promise<string[]> => (await readdir(join(directory.path, 'sha256'))).toSorted();
const fileOf = (content: string): string => join(directory.path, 'sha256', digestOf(content).slice(7));

/** The engine with another method in the place of its own. */
const withMethod = (docker: DockerEngine, method: Partial<DockerEngine>): DockerEngine =>
  new Proxy(docker, {
    get: (of, property, receiver) =>
      Object.hasOwn(method, property)
        ? method[property as keyof DockerEngine]
        : (Reflect.get(of, property, receiver) as unknown),
  });

/** Counts whole images that are read from an engine. */
const counted = ({ docker }: FakeCloudServer) => {
  const reads = { count: 0 };
  const saveImage: DockerEngine['saveImage'] = (...args) => {
    reads.count += 1;
    return docker.saveImage(...args);
  };
  return { reads, from: withMethod(docker, { saveImage }) };
};

/** A source with an image of two layers, and a carrier with a cache. */
const start = async (bytesMax = 1_000_000) => {
  const source = fakeCloudServer();
  const id = addFakeImage(source.engine, name, { contents: ['base', 'top'], labels: { a: 'b' } });
  const { reads, from } = counted(source);
  const carrier = createImageCarrier({ directory: directory.path, bytesMax });
  const image = (await source.docker.image(id)) as ImageFacts;
  return { source, id, image, from, reads, carrier };
};

/** Remembers what the engine was sent. */
const target = () => {
  const server = fakeCloudServer();
  const sent: number[] = [];
  const loadImage: DockerEngine['loadImage'] = async (input, options) => {
    const archive = await buffer(input);
    sent.push(
      ['base', 'top'].filter((content) => archive.includes(digestOf(content).slice(7) + '/layer.tar\0'))
        .length,
    );
    return server.docker.loadImage(Readable.from([archive]), options);
  };
  return { server, sent, to: withMethod(server.docker, { loadImage }) };
};

describe('an image', () => {
  test('comes with all its layers where none is, and is the same there, without a name', async () => {
    const { carrier, from, image, id } = await start();
    const { server, to } = target();
    const told: string[] = [];
    const onProgress: CarryOptions['onProgress'] = ({ phase, bytes, totalBytes }) =>
      told.push(phase === 'reading' ? phase : `${phase} ${bytes} of ${totalBytes}`);
    expect(await carrier.carry({ from, to, image }, io({ onProgress }))).toEqual({
      imageId: id,
      bytesSent: 7,
      sharedLayers: 0,
    });
    expect(await server.docker.image(id)).toEqual(image);
    expect((await server.docker.images()).map(({ references }) => references)).toEqual([[]]);
    expect([told[0], told.at(-1)]).toEqual(['reading', 'sending 7 of 7']);
  });

  test('is read once for several engines, at the same time or later, and each gets only what it lacks', async () => {
    const { carrier, from, image, reads } = await start();
    const [first, second, third] = [target(), target(), target()];
    addFakeImage(second.server.engine, 'alfa/client:1', { contents: ['base', 'old'] });
    addFakeImage(third.server.engine, 'alfa/client:1', { contents: ['other', 'base'] });
    await Promise.all([first, second].map((each) => carrier.carry({ from, to: each.to, image }, io())));
    const { sharedLayers } = await carrier.carry({ from, to: third.to, image }, io());
    expect(reads.count).toBe(1);
    expect([first, second, third].map(({ sent }) => sent)).toEqual([[2], [1], [2]]);
    expect(sharedLayers).toBe(0);
  });

  test('that was read ahead is not read again', async () => {
    const { carrier, from, image, reads } = await start();
    await carrier.readAhead({ from, image }, io());
    await carrier.readAhead({ from, image }, io());
    expect(reads.count).toBe(1);
    const { sent, to } = target();
    await carrier.carry({ from, to, image }, io());
    expect([sent, reads.count]).toEqual([[2], 1]);
  });

  test('whose id is not that of its configuration, as where images are in containerd, is read once', async () => {
    const { source, carrier, from, image, id, reads } = await start();
    const other = { ...image, id: digestOf('a manifest') };
    const saveImage: DockerEngine['saveImage'] = (_ids, ...more) => from.saveImage([id], ...more);
    const inContainerd = withMethod(source.docker, { saveImage });
    await carrier.readAhead({ from: inContainerd, image: other }, io());
    const { sent, to } = target();
    expect(await carrier.carry({ from: inContainerd, to, image: other }, io())).toMatchObject({
      imageId: id,
    });
    expect([sent, reads.count]).toEqual([[2], 1]);
  });

  test('that is larger than the cache is not read ahead', async () => {
    const { carrier, from, image: small, reads } = await start(3);
    const image = { ...small, sizeBytes: 7 };
    await carrier.readAhead({ from, image }, io());
    expect(reads.count).toBe(0);
    await carrier.carry({ from, to: target().to, image }, io());
    expect(reads.count).toBe(1);
  });

  test('of which the engine has every layer is no layer more', async () => {
    const { carrier, from, image } = await start();
    const { server, sent, to } = target();
    addFakeImage(server.engine, 'alfa/client:1', { contents: ['base', 'top', 'more'] });
    expect(await carrier.carry({ from, to, image }, io())).toMatchObject({ bytesSent: 0, sharedLayers: 2 });
    expect(sent).toEqual([0]);
  });

  test('is sent whole to an engine that refuses a part of it', async () => {
    const { carrier, from, image, id, reads } = await start();
    const { server, sent, to } = target();
    addFakeImage(server.engine, 'alfa/client:1', { contents: ['base', 'old'] });
    server.engine.wantsWholeImages = true;
    expect(await carrier.carry({ from, to, image }, io())).toMatchObject({ imageId: id, bytesSent: 7 });
    expect([sent, reads.count]).toEqual([[1, 2], 1]);
  });

  test('that the engine takes for another one is no success', async () => {
    const { carrier, from, image } = await start();
    const { server, to } = target();
    const liar = withMethod(to, {
      loadImage: async () => ({ loaded: [addFakeImage(server.engine, 'alfa/other:1', { contents: ['x'] })] }),
    });
    await expect(carrier.carry({ from, to: liar, image }, io())).rejects.toMatchObject({
      kind: 'final',
      code: 'image_differs',
    });
  });

  test('is proven by its layers where ids are others', async () => {
    const { carrier, from, image } = await start();
    const { server, to } = target();
    const other = withMethod(to, {
      loadImage: async () => ({
        loaded: [addFakeImage(server.engine, 'x:1', { contents: ['base', 'top'] })],
      }),
    });
    const { imageId } = await carrier.carry({ from, to: other, image }, io());
    expect(imageId).not.toBe(image.id);
    expect(await server.docker.image(imageId)).toMatchObject({ layers: image.layers });
  });
});

describe('a read', () => {
  test.each([
    ['ends before its manifest', (archive: Buffer) => archive.subarray(0, 600)],
    ['lacks a layer', (archive: Buffer) => archive.subarray(0, archive.length - 2048 - 1024)],
    ['is no archive', () => Buffer.from('No such image')],
  ])('that %s is told as what may be tried again, and leaves no half layer', async (_what, cut) => {
    const { source, carrier, from, image } = await start();
    const { server, to } = target();
    const broken: DockerEngine['saveImage'] = async (ids, output) => {
      const whole = Promise.withResolvers<Buffer>();
      const pass = new PassThrough();
      buffer(pass).then(whole.resolve, whole.reject);
      await source.docker.saveImage(ids, pass);
      output.end(cut(await whole.promise));
    };
    const failure = carrier.carry({ from: withMethod(from, { saveImage: broken }), to, image }, io());
    await expect(failure).rejects.toMatchObject({ kind: 'transient', code: 'image_unreadable' });
    expect(server.engine.images.size).toBe(0);
    expect(await readdir(join(directory.path, 'incoming')).catch(() => [])).toEqual([]);
    await carrier.carry({ from, to, image }, io());
    expect(server.engine.images.has(image.id)).toBe(true);
  });

  test('that one gives up goes on for another', async () => {
    const { carrier, from, image, reads } = await start();
    const held = Promise.withResolvers<void>();
    const slow = withMethod(from, {
      async saveImage(...args) {
        await held.promise;
        await from.saveImage(...args);
      },
    });
    const [first, second] = [target(), target()];
    const controller = new AbortController();
    const givenUp = carrier.carry({ from: slow, to: first.to, image }, io({ signal: controller.signal }));
    const other = carrier.carry({ from: slow, to: second.to, image }, io());
    controller.abort(new Error('enough'));
    await expect(givenUp).rejects.toThrow('enough');
    held.resolve();
    await other;
    expect([reads.count, first.server.engine.images.size]).toEqual([1, 0]);
    expect(second.server.engine.images.has(image.id)).toBe(true);
  });
});

describe('the cache', () => {
  const lost = { name: 'CloudServerError', kind: 'transient', code: 'image_unreadable' };

  test('keeps what was used last when it is full, and never takes what is in use', async () => {
    const cache = new LayerCache({ directory: directory.path, bytesMax: 10 });
    const { signal } = new AbortController();
    for (const [index, content] of ['aaaa', 'bbbb', 'cccc'].entries()) {
      await cache.keep(Readable.from([Buffer.from(content)]), signal);
      await utimes(fileOf(content), index, index);
    }
    const found = await cache.open(digestOf('aaaa'));
    expect(await buffer((found as { content: Readable }).content)).toEqual(Buffer.from('aaaa'));
    const release = cache.hold([digestOf('bbbb')]);
    await cache.hold([])();
    expect(await kept()).toEqual(
      [digestOf('aaaa'), digestOf('bbbb')].map((digest) => digest.slice(7)).toSorted(),
    );
    await release();
    const fourth = await cache.keep(Readable.from([Buffer.from('dddd')]), signal);
    await cache.hold([])();
    expect(await cache.present([digestOf('aaaa'), digestOf('bbbb'), fourth])).toEqual(
      new Set([digestOf('aaaa'), fourth]),
    );
  });

  test('does not send a layer that was spoilt, and has it read anew', async () => {
    const { carrier, from, image, id, reads } = await start();
    await carrier.carry({ from, to: target().to, image }, io());
    await writeFile(fileOf('top'), 'tip');
    const { server } = target();
    await expect(carrier.carry({ from, to: server.docker, image }, io())).rejects.toMatchObject(lost);
    expect(server.engine.images.size).toBe(0);
    await carrier.carry({ from, to: server.docker, image }, io());
    expect([reads.count, server.engine.images.has(id)]).toEqual([2, true]);
    expect(await readFile(fileOf('top'), 'utf8')).toBe('top');
  });

  test('that loses a layer before it is sent has it read anew', async () => {
    const { carrier, from, image, id, reads } = await start();
    const { server } = target();
    const beforeSending = () => rm(fileOf('top'));
    const sent = carrier.carry({ from, to: server.docker, image }, io({ beforeSending }));
    await expect(sent).rejects.toMatchObject(lost);
    expect(server.engine.images.size).toBe(0);
    await carrier.carry({ from, to: server.docker, image }, io());
    expect([reads.count, server.engine.images.has(id)]).toEqual([2, true]);
  });

  test('removes what a process that died was writing: at once if that was on this machine, else when it is old', async () => {
    const incoming = join(directory.path, 'incoming');
    await mkdir(incoming);
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const start = (await incomingName()).split('.')[2];
    const own = await incomingName();
    const left = [`a.${dead}.1.${hostname()}`, `b.${process.pid}.1.${hostname()}`, `c.${dead}.1.elsewhere`];
    const going = [`d.${dead}.${start}.elsewhere`, own];
    for (const file of [...left, ...going]) await writeFile(join(incoming, file), 'x');
    await utimes(join(incoming, left[2] ?? ''), 1, 1);
    await new LayerCache({ directory: directory.path, bytesMax: 10 }).hold([])();
    expect((await readdir(incoming)).toSorted()).toEqual(going.toSorted());
  });
});
