import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { digestOf } from './digest.ts';
import type { ArchivedImage } from './read-archive.ts';

/** A layer's plain tar archive. */
export interface LayerContent {
  bytes: number;
  content: Readable;
}

const hexOf = (digest: string): string => digest.replace(/^sha256:/, '');

/**
 * An archive for `docker load` in the layout that every engine reads. It carries no names, so that it takes none from another image.
 * @param carried which layers are in it; the others have to be on the engine
 * @param open called once for each of them, one after the other; what it throws ends the archive
 */
export const writeArchive = (
  image: ArchivedImage,
  carried: ReadonlySet<string>,
  open: (layer: string) => Promise<LayerContent>,
): Readable => {
  const archive = pack();
  write(archive, image, carried, open).catch((error: Error) => archive.destroy(error));
  return archive;
};

const write = async (
  archive: Pack,
  { config, layers }: ArchivedImage,
  carried: ReadonlySet<string>,
  open: (layer: string) => Promise<LayerContent>,
): Promise<void> => {
  const pathOf = (layer: string) => `${hexOf(layer)}/layer.tar`;
  const configPath = `${hexOf(digestOf(config))}.json`;
  const manifest = [{ Config: configPath, RepoTags: null, Layers: layers.map(pathOf) }];
  await document(archive, configPath, config);
  await document(archive, 'manifest.json', Buffer.from(JSON.stringify(manifest)));
  for (const layer of carried) {
    const { bytes, content } = await open(layer);
    // Before the entry is closed by it, which would hide why.
    content.once('error', (error) => archive.destroy(error));
    const entry = archive.entry({ name: pathOf(layer), size: bytes }, () => undefined);
    await pipeline(content, entry);
  }
  archive.finalize();
};

const document = (archive: Pack, name: string, content: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    archive.entry({ name }, content, (error) =>
      error === null || error === undefined ? resolve() : reject(error),
    );
  });
