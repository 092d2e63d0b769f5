import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@alfa-cloud/testing';
import { pack } from 'tar-stream';
import { createImageCarrier, type DockerEngine } from '../src/index.ts';
import { digestOf } from '../src/images/digest.ts';
import { LayerCache } from '../src/images/layer-cache.ts';
import { readArchive } from '../src/images/read-archive.ts';
import { writeArchive } from '../src/images/write-archive.ts';
import { targets, type Target } from './targets.ts';

const { signal } = new AbortController();

describe.each(targets)('images of an engine, %s', (_, start) => {
  let target: Target;
  let docker: DockerEngine;
  let id = '';

  beforeAll(async () => {
    target = await start({ docker: 'bare' });
    docker = target.server.docker;
    await loadNew(['base'], 'base');
    id = await loadNew(['base', 'top'], 'derived');
  });
  afterAll(() => target?.dispose());

  /** Makes an image of layers that each hold one file, and names it. @returns its id */
  const loadNew = async (names: string[], name: string): Promise<string> => {
    const contents = new Map<string, Buffer>();
    for (const each of names) {
      const tar = pack();
      tar.entry({ name: each, mtime: new Date(0) }, Buffer.alloc(3_000_000, each), () => tar.finalize());
      const content = await buffer(tar);
      contents.set(digestOf(content), content);
    }
    const layers = [...contents.keys()];
    const config = Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: layers },
      }),
    );
    const archive = writeArchive({ config, layers }, new Set(layers), async (layer) => {
      const content = contents.get(layer) ?? Buffer.alloc(0);
      return { bytes: content.length, content: Readable.from([content]) };
    });
    const { loaded } = await docker.loadImage(archive);
    expect(loaded).toEqual([digestOf(config)]);
    await docker.tagImage(digestOf(config), { repository: `alfa/${name}`, tag: '1' });
    return digestOf(config);
  };
  const save = async (image = id): Promise<Buffer> => {
    const output = new PassThrough();
    const [, archive] = await Promise.all([docker.saveImage([image], output), buffer(output)]);
    return archive;
  };

  test('have layers, of which those of the base come first', async () => {
    const [derived, under] = await Promise.all([docker.image(id), docker.image('alfa/base:1')]);
    expect(under?.layers.length).toBeGreaterThan(0);
    expect(derived).toMatchObject({ os: 'linux', architecture: 'amd64' });
    expect(derived?.layers.slice(0, -1)).toEqual(under?.layers);
    expect(derived?.sizeBytes).toBeGreaterThan((under?.sizeBytes ?? 0) + 2_999_999);
    expect(new Set(derived?.layers).size).toBe(derived?.layers.length);
  });

  test('are saved whole and loaded without the layers that are there, by the same id and without a name', async () => {
    await using directory = await temporaryDirectory();
    const cache = new LayerCache({ directory: directory.path, bytesMax: 1e9 });
    const read = await readArchive(
      Readable.from([await save()]),
      (content) => cache.keep(content, signal),
      signal,
    );
    const image = read[0] as (typeof read)[0];
    const last = image.layers.at(-1) ?? '';
    await docker.untagImage('alfa/derived:1');
    expect(await docker.image(id)).toBeNull();
    let opened = 0;
    const part = writeArchive(image, new Set([last]), async (layer) => {
      opened += 1;
      const content = await cache.open(layer);
      if (content === null) throw new Error('gone');
      return content;
    });
    expect(await docker.loadImage(part)).toEqual({ loaded: [id] });
    expect(opened).toBe(1);
    expect((await docker.images()).find((each) => each.id === id)?.references).toEqual([]);
    await docker.tagImage(id, { repository: 'alfa/derived', tag: '1' });
    await docker.untagImage('alfa/derived:1');
    const without = writeArchive(image, new Set(), async () => Promise.reject(new Error('not asked for')));
    await expect(docker.loadImage(without)).rejects.toMatchObject({ kind: 'final', code: 'docker_refused' });
    await docker.loadImage(
      writeArchive(
        image,
        new Set([last]),
        async (layer) => (await cache.open(layer)) ?? Promise.reject(new Error()),
      ),
    );
    await docker.tagImage(id, { repository: 'alfa/derived', tag: '1' });
  });

  test('that break off on their way in leave nothing', async () => {
    const archive = await save();
    await docker.untagImage('alfa/derived:1');
    const cut = new PassThrough();
    const loading = docker.loadImage(cut);
    loading.catch(() => undefined);
    cut.write(archive.subarray(0, archive.length / 2));
    if (cut.writableNeedDrain) await once(cut, 'drain');
    cut.destroy(new Error('cable cut'));
    await expect(loading).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('cable cut'),
    });
    const controller = new AbortController();
    const endless = docker.loadImage(new PassThrough(), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
    expect(await docker.image(id)).toBeNull();
    await expect(docker.loadImage(Readable.from([Buffer.from('no archive')]))).rejects.toMatchObject({
      kind: 'final',
      code: 'docker_refused',
    });
    expect(await docker.loadImage(Readable.from([archive]))).toEqual({ loaded: [id] });
    await docker.tagImage(id, { repository: 'alfa/derived', tag: '1' });
  });

  test('that stop coming are given up, and one that is not there is said to be absent', async () => {
    const stuck = new PassThrough({ highWaterMark: 1 });
    const saving = docker.saveImage([id], stuck, { idleMs: 300 });
    await expect(saving).rejects.toMatchObject({ kind: 'transient', code: 'deadline_exceeded' });
    expect(stuck.destroyed).toBe(true);
    const nobody = new PassThrough();
    nobody.resume().on('error', () => undefined);
    const absent = docker.saveImage([`sha256:${'0'.repeat(64)}`], nobody);
    await expect(absent).rejects.toMatchObject({ kind: 'final', code: 'not_found' });
  });

  test('are in no registry that is not there', async () => {
    expect(await docker.isInRegistry('127.0.0.1:1/alfa/none:1')).toBe(false);
  });

  test('are carried to the engine itself without a layer when only the image is missing', async () => {
    await using directory = await temporaryDirectory();
    const carrier = createImageCarrier({ directory: directory.path, bytesMax: 1e9 });
    const image = await docker.image(id);
    if (image === null) throw new Error('no image');
    const io = { signal, deadlineMs: 60_000 };
    const carried = await carrier.carry({ from: docker, to: docker, image }, io);
    expect(carried).toEqual({ imageId: id, bytesSent: 0, sharedLayers: image.layers.length });
  });
});
