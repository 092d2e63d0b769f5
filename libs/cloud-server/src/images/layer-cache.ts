import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline as pipe } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { errorCode, errorName } from '@alfa-cloud/service-kit';
import { DigestStream, isDigest } from './digest.ts';
import { incomingName, isWriterDead } from './incoming-name.ts';
import type { LayerContent } from './write-archive.ts';

export interface LayerCacheOptions {
  /** Made when it is needed. Several processes may share it, and it may be removed at any time. */
  directory: string;
  /** What is not in use is kept up to so many bytes; the least recently used goes first. */
  bytesMax: number;
}

/** A file of the cache that is not what its name says. It is removed: read it anew. */
export class LayerDamaged extends Error {
  override name = 'LayerDamaged';
}

/** Parts in which files are written and read. */
const partBytes = 512 * 1024;

/** What a process elsewhere that died has left behind is removed when it was not written to for so long; what one on this machine has left, at once. */
const abandonedMs = 3_600_000;

/**
 * Layers and configurations of images on the disk, each under its own digest. A file appears as a whole or not at all; what a power cut has spoilt is
 * found out by the digest when it is read.
 */
export class LayerCache {
  readonly #kept: string;
  readonly #incoming: string;
  readonly #bytesMax: number;
  /** How many uses of each digest are under way in this process. */
  readonly #inUse = new Map<string, number>();

  constructor({ directory, bytesMax }: LayerCacheOptions) {
    this.#kept = join(directory, 'sha256');
    this.#incoming = join(directory, 'incoming');
    this.#bytesMax = bytesMax;
  }

  /** Which of these are there. */
  async present(digests: readonly string[]): Promise<Set<string>> {
    const there = new Set<string>();
    for (const digest of digests) if ((await this.#sizeOf(digest)) !== null) there.add(digest);
    return there;
  }

  /** Bytes of those of these that are there. */
  async bytesOf(digests: readonly string[]): Promise<number> {
    let bytes = 0;
    for (const digest of digests) bytes += (await this.#sizeOf(digest)) ?? 0;
    return bytes;
  }

  /** Keeps these from being removed by this process until the answer is called. */
  hold(digests: readonly string[]): () => Promise<void> {
    for (const digest of digests) this.#inUse.set(digest, (this.#inUse.get(digest) ?? 0) + 1);
    return async () => {
      for (const digest of digests) {
        const uses = (this.#inUse.get(digest) ?? 1) - 1;
        if (uses === 0) this.#inUse.delete(digest);
        else this.#inUse.set(digest, uses);
      }
      await this.#shrink();
    };
  }

  /** Takes content in. @returns its digest */
  async keep(content: AsyncIterable<Buffer> | Iterable<Buffer>, signal: AbortSignal): Promise<string> {
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    await mkdir(this.#kept, { recursive: true, mode: 0o700 });
    const file = join(this.#incoming, await incomingName());
    try {
      const digest = await writeWhole(file, content, signal);
      await rename(file, this.#fileOf(digest));
      return digest;
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  /** Null when it is not there. The content ends with a {@link LayerDamaged} when it is not what its name says. */
  async open(digest: string): Promise<LayerContent | null> {
    const bytes = await this.#sizeOf(digest);
    if (bytes === null) return null;
    const file = this.#fileOf(digest);
    const now = new Date();
    // Another process may just have removed it: reading it says so.
    await utimes(file, now, now).catch(() => undefined);
    const proof = new DigestStream(async (found) => {
      if (found === digest) return;
      await rm(file, { force: true });
      throw new LayerDamaged(`the file of ${digest} was damaged and is removed`);
    });
    return {
      bytes,
      content: pipe(createReadStream(file, { highWaterMark: partBytes }), proof, () => undefined),
    };
  }

  /** The same of something small, as a whole. Null also when it was damaged. */
  async read(digest: string): Promise<Buffer | null> {
    try {
      const found = await this.open(digest);
      return found === null ? null : await buffer(found.content);
    } catch (error) {
      if (errorName(error) === 'LayerDamaged' || errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  #fileOf(digest: string): string {
    return join(this.#kept, digest.slice('sha256:'.length));
  }

  async #sizeOf(digest: string): Promise<number | null> {
    if (!isDigest(digest)) return null;
    try {
      return (await stat(this.#fileOf(digest))).size;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  async #shrink(): Promise<void> {
    const files = await this.#files();
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { digest, size } of files.toSorted((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= this.#bytesMax) break;
      if (this.#inUse.has(digest)) continue;
      await rm(this.#fileOf(digest), { force: true });
      bytes -= size;
    }
    await this.#removeAbandoned();
  }

  async #files(): Promise<{ digest: string; size: number; usedMs: number }[]> {
    const names = await namesIn(this.#kept);
    const found = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = (await stat(join(this.#kept, name)).catch(() => null)) ?? {};
        return size === undefined || mtimeMs === undefined
          ? []
          : [{ digest: `sha256:${name}`, size, usedMs: mtimeMs }];
      }),
    );
    return found.flat();
  }

  async #removeAbandoned(): Promise<void> {
    const limitMs = Date.now() - abandonedMs;
    for (const name of await namesIn(this.#incoming)) {
      const file = join(this.#incoming, name);
      const found = await stat(file).catch(() => null);
      const isAbandoned = found !== null && (found.mtimeMs < limitMs || (await isWriterDead(name)));
      if (isAbandoned) await rm(file, { force: true });
    }
  }
}

/** Writes a new file in few large parts, as the engine sends small ones. @returns the digest of its content */
const writeWhole = async (
  path: string,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  signal: AbortSignal,
): Promise<string> => {
  const hash = createHash('sha256');
  await using file = await open(path, 'wx', 0o600);
  const part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  const write = async () => {
    signal.throwIfAborted();
    await file.appendFile(part.subarray(0, filled));
    filled = 0;
  };
  for await (const chunk of content) {
    hash.update(chunk);
    for (let taken = 0; taken < chunk.length;) {
      const copied = chunk.copy(part, filled, taken);
      [taken, filled] = [taken + copied, filled + copied];
      if (filled === partBytes) await write();
    }
  }
  await write();
  return `sha256:${hash.digest('hex')}`;
};

const namesIn = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};
