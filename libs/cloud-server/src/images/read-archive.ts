import { posix } from 'node:path';
import { pipeline as join, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';

/** An image as an archive of `docker save` holds it. */
export interface ArchivedImage {
  /** JSON; its digest is the id of the image, except on engines that keep images in containerd. */
  config: Buffer;
  /** Digests of its layers as plain tar archives, oldest first. */
  layers: string[];
}

/** An archive that is not whole, or not one of images. */
export class ArchiveBroken extends Error {
  override name = 'ArchiveBroken';
}

/** What is not longer may be a document, which is read as a whole. */
const documentMax = 4 * 1024 * 1024;
const documentsMax = 64 * 1024 * 1024;

/**
 * Reads an archive of `docker save` as it comes, in the layout of Docker before 25 (`<id>/layer.tar`) or the present one (`blobs/sha256/<digest>`, compressed or
 * not). `manifest.json`, which tells what is what, is in both and comes last: every entry that is no document is a layer until then.
 * @param keepLayer takes the plain tar archive of a layer and answers its digest
 * @throws ArchiveBroken
 */
export const readArchive = async (
  archive: Readable,
  keepLayer: (content: AsyncIterable<Buffer>) => Promise<string>,
  signal: AbortSignal,
): Promise<ArchivedImage[]> => {
  const documents = new Map<string, Buffer>();
  const layers = new Map<string, string>();
  const links = new Map<string, string>();
  let documentBytes = 0;

  const takeSmall = async (name: string, content: Buffer): Promise<void> => {
    if (!isJson(content)) {
      layers.set(name, await keepLayer(await plain(Readable.from([content]))));
      return;
    }
    documentBytes += content.length;
    if (documentBytes > documentsMax) throw new ArchiveBroken('the archive holds too many documents');
    documents.set(name, content);
  };
  let taking: Promise<void> = Promise.resolve();
  const entries = extract();
  entries.on('entry', ({ name: path, type, linkname, size = 0 }, content, next) => {
    const name = posix.normalize(path);
    const take = async (): Promise<void> => {
      if (type === 'symlink' || type === 'link') {
        links.set(name, posix.join(type === 'link' ? '.' : posix.dirname(name), linkname ?? ''));
      }
      if (type !== 'file') content.resume();
      else if (size <= documentMax) await takeSmall(name, await buffer(content));
      else layers.set(name, await keepLayer(await plain(content)));
    };
    taking = settled(take, next);
  });
  try {
    await pipeline(archive, entries, { signal });
  } finally {
    // What was being kept when the archive broke off is gone by then.
    await taking;
  }

  const layerAt = (path: string): string => {
    const name = posix.normalize(path);
    const digest = layers.get(links.get(name) ?? name);
    if (digest === undefined) throw new ArchiveBroken(`the archive lacks ${name}`);
    return digest;
  };
  return manifestOf(documents).map(({ Config, Layers }) => {
    const config = documents.get(posix.normalize(Config));
    if (config === undefined) throw new ArchiveBroken(`the archive lacks ${Config}`);
    const found = Layers.map(layerAt);
    if (found.join() !== layersIn(config).join()) {
      throw new ArchiveBroken('the layers of the archive are not those of its image');
    }
    return { config, layers: found };
  });
};

/** Goes on to the next entry when the work on one is done. */
export const settled = async (work: () => Promise<void>, next: (error?: unknown) => void): Promise<void> => {
  try {
    await work();
  } catch (error) {
    next(error);
    return;
  }
  next();
};

interface Manifest {
  Config: string;
  Layers: string[];
}

const manifestOf = (documents: ReadonlyMap<string, Buffer>): Manifest[] => {
  const manifest = documents.get('manifest.json');
  if (manifest === undefined) throw new ArchiveBroken('the archive ends before its manifest');
  return JSON.parse(manifest.toString()) as Manifest[];
};

/** Digests of the layers that an image's configuration names, oldest first. */
export const layersIn = (config: Buffer): string[] =>
  (JSON.parse(config.toString()) as { rootfs?: { diff_ids?: string[] } }).rootfs?.diff_ids ?? [];

const isJson = (content: Buffer): boolean => {
  try {
    JSON.parse(content.toString());
    return true;
  } catch {
    return false;
  }
};

const startsWith = (head: Buffer, ...bytes: number[]): boolean =>
  head.subarray(0, bytes.length).equals(Buffer.from(bytes));

/** The content without its compression, if it has one. Most has none, and comes without a further stream, which would cost more than the digest. */
const plain = async (content: Readable): Promise<AsyncIterable<Buffer>> => {
  const chunks = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = (async function* () {
    yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  // Whoever reads the last stream learns of a failure of the first.
  if (startsWith(head, 0x1f, 0x8b)) return join(Readable.from(whole), createGunzip(), () => undefined);
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd))
    return join(Readable.from(whole), createZstdDecompress(), () => undefined);
  return whole;
};
