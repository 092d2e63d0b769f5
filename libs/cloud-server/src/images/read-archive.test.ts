import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { digestOf } from './digest.ts';
import { readArchive } from './read-archive.ts';

const { signal } = new AbortController();
const layers = ['x'.repeat(3000), '{"a": "tar archive may begin so"}\0'].map((text) => Buffer.from(text));
const digests = layers.map(digestOf);
const config = (ids = digests) => Buffer.from(JSON.stringify({ rootfs: { type: 'layers', diff_ids: ids } }));

type Entry = [name: string, content: Buffer | string | { link: string }];

const archive = (entries: Entry[]): Readable => {
  const tar = pack();
  for (const [name, content] of entries) {
    if (typeof content === 'object' && 'link' in content) {
      tar.entry({ name, type: 'symlink', linkname: content.link }, '', () => undefined);
    } else tar.entry({ name }, content, () => undefined);
  }
  tar.finalize();
  return tar;
};

const read = (entries: Entry[]) =>
  readArchive(archive(entries), async (content) => digestOf(await buffer(content)), signal);

const blob = (content: Buffer): string => `blobs/sha256/${digestOf(content).slice(7)}`;

describe('an archive of images', () => {
  test('is read as Docker before 25 writes it, where a layer that comes twice is a link', async () => {
    const found = await read([
      ['aa/VERSION', '1.0'],
      ['aa/json', '{}'],
      ['aa/layer.tar', layers[0] ?? ''],
      ['bb/json', '{}'],
      ['bb/layer.tar', layers[1] ?? ''],
      ['cc/layer.tar', { link: '../aa/layer.tar' }],
      ['c.json', config([digests[0] ?? '', digests[1] ?? '', digests[0] ?? ''])],
      [
        'manifest.json',
        JSON.stringify([
          { Config: 'c.json', RepoTags: null, Layers: ['aa/layer.tar', 'bb/layer.tar', 'cc/layer.tar'] },
        ]),
      ],
      ['repositories', '{}'],
    ]);
    expect(found.map((image) => image.layers)).toEqual([[digests[0], digests[1], digests[0]]]);
    expect(digestOf(found[0]?.config ?? '')).toBe(
      digestOf(config([digests[0] ?? '', digests[1] ?? '', digests[0] ?? ''])),
    );
  });

  test.each<[string, (layer: Buffer) => Buffer]>([
    ['as they are', (layer) => layer],
    ['as gzip', gzipSync],
    ['as zstd', zstdCompressSync],
  ])('is read as Docker of today writes it, with layers %s', async (_form, written) => {
    const blobs = layers.map(written);
    const found = await read([
      ['oci-layout', '{"imageLayoutVersion": "1.0.0"}'],
      ...blobs.map((content): Entry => [blob(content), content]),
      [blob(config()), config()],
      ['index.json', '{"manifests": []}'],
      [
        'manifest.json',
        JSON.stringify([{ Config: blob(config()), RepoTags: null, Layers: blobs.map(blob) }]),
      ],
    ]);
    expect(found).toEqual([{ config: config(), layers: digests }]);
  });

  test('whose layers are others than its image names is refused', async () => {
    const [layer = Buffer.alloc(0)] = layers;
    const entries: Entry[] = [
      ['aa/layer.tar', layer],
      ['c.json', config([digestOf('another')])],
      ['manifest.json', JSON.stringify([{ Config: 'c.json', Layers: ['aa/layer.tar'] }])],
    ];
    await expect(read(entries)).rejects.toMatchObject({ name: 'ArchiveBroken' });
  });

  test('that is compressed and broken ends with an error', async () => {
    const broken = gzipSync(layers[0] ?? '').subarray(0, 20);
    await expect(read([['aa/layer.tar', broken]])).rejects.toThrow('unexpected end of file');
  });
});
