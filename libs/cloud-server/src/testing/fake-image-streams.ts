import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { DockerEngine, ImageFacts } from '../docker/docker-engine.ts';
import { digestOf, isDigest } from '../images/digest.ts';
import { layersIn, settled } from '../images/read-archive.ts';
import { writeArchive } from '../images/write-archive.ts';
import {
  factsOfImage,
  fail,
  onlyLayerOf,
  type FakeBehaviour,
  type FakeEngine,
  type FakeImage,
} from './fake-engine.ts';
import { factsOf, nameImage } from './fake-images.ts';

type Carried = Omit<FakeImage, 'id' | 'layers'>;

/** What stands in an image's configuration: also what Docker would not write there, so that an engine in memory gets it back. */
const configOf = (layers: readonly string[], image: Carried & { id?: string }): Buffer =>
  Buffer.from(JSON.stringify({ rootfs: { type: 'layers', diff_ids: layers }, image }));

/**
 * Puts an image with layers of these contents on an engine in memory, under the name. Its id is the digest of its configuration, as a real one's.
 * @returns its id
 */
export const addFakeImage = (
  engine: FakeEngine,
  reference: string,
  { contents, ...image }: Partial<Carried> & { contents: readonly string[] },
): string => {
  const layers = contents.map(digestOf);
  contents.forEach((content, index) => engine.layers.set(layers[index] ?? '', content));
  const carried = { labels: {}, user: '', ...image };
  const id = digestOf(configOf(layers, carried));
  nameImage(engine, reference, { ...carried, id, layers });
  return id;
};

const contentOf = (engine: FakeEngine, image: FakeImage, layer: string): Buffer =>
  Buffer.from(engine.layers.get(layer) ?? onlyLayerOf(image));

/** The archive of an image, as {@link DockerEngine.saveImage} writes it. */
export const saveFakeImage = (engine: FakeEngine, found: FakeImage): Readable => {
  const { layers } = factsOfImage(found);
  const { id, layers: _, ...carried } = found;
  const config = configOf(layers, isDigest(id) ? carried : { ...carried, id });
  return writeArchive({ config, layers: [...layers] }, new Set(layers), async (layer) => {
    const content = contentOf(engine, found, layer);
    return { bytes: content.length, content: Readable.from([content]) };
  });
};

/** The part of the port that carries whole images. */
export const fakeImageStreams = (
  engine: FakeEngine,
  behaviour: Pick<FakeBehaviour, 'build'> = {},
): Pick<DockerEngine, 'saveImage' | 'loadImage' | 'buildImage'> => ({
  async buildImage(context, { name, labels }, { signal, onOutput } = {}) {
    const files = await filesOf(context, signal);
    const texts = new Map([...files].map(([path, content]) => [path, content.toString()]));
    onOutput?.('Step 1/1 : FROM base\n');
    const contents = behaviour.build?.(texts) ?? [
      `files ${JSON.stringify([...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)))}`,
    ];
    const reference = `${name.repository}:${name.tag}`;
    return { imageId: addFakeImage(engine, reference, { contents, labels, createdAt: new Date() }) };
  },
  async saveImage([image = ''], output, { signal } = {}) {
    const found = factsOf(engine, image);
    if (found === undefined) {
      const error = fail('not_found', `No such image: ${image}`);
      output.destroy(error);
      throw error;
    }
    await pipeline(saveFakeImage(engine, found), output, signal === undefined ? {} : { signal });
  },
  async loadImage(input, { signal } = {}) {
    const files = await filesOf(input, signal);
    const [manifest] = JSON.parse(files.get('manifest.json')?.toString() ?? '[]') as Manifest[];
    const config = files.get(manifest?.Config ?? '');
    if (manifest === undefined || config === undefined) throw fail('docker_refused', 'invalid archive');
    const layers = layersIn(config);
    const known = knownLayers(engine, layers);
    layers.forEach((layer, index) => {
      const content = files.get(manifest.Layers[index] ?? '');
      if (content !== undefined) engine.layers.set(layer, content.toString());
      else if (index >= known || engine.wantsWholeImages === true)
        throw fail('docker_refused', `open ${manifest.Layers[index]}: no such file or directory`);
    });
    const { image } = JSON.parse(config.toString()) as { image: Carried & { id?: string } };
    const loaded = { ...image, ...dated(image), id: image.id ?? digestOf(config), layers };
    if (factsOf(engine, loaded.id) === undefined) engine.images.set(loaded.id, loaded);
    for (const name of manifest.RepoTags ?? []) nameImage(engine, name, loaded);
    return { loaded: [loaded.id] };
  },
});

interface Manifest {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[];
}

/** JSON has no dates. */
const dated = ({ createdAt }: Carried): Pick<FakeImage, 'createdAt'> =>
  createdAt === undefined ? {} : { createdAt: new Date(createdAt) };

/** How many of the layers, from the oldest on, some image has. */
const knownLayers = (engine: FakeEngine, layers: readonly string[]): number => {
  const counts = [...engine.images.values()].map((image) => {
    const own: ImageFacts['layers'] = factsOfImage(image).layers;
    const differs = layers.findIndex((layer, index) => layer !== own[index]);
    return differs === -1 ? layers.length : differs;
  });
  return Math.max(0, ...counts);
};

const filesOf = async (archive: Readable, signal: AbortSignal | undefined): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  const entries = extract();
  entries.on('entry', ({ name }, content, next) => {
    const take = async () => void files.set(posix.normalize(name), await buffer(content));
    void settled(take, next);
  });
  await pipeline(archive, entries, signal === undefined ? {} : { signal });
  return files;
};
