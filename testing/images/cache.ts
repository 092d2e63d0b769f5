import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Root of the cache, outside the checkout: `ALFA_TEST_CACHE`, or the user's cache folder. */
export function cacheRoot(): string {
  const chosen = process.env['ALFA_TEST_CACHE'];
  if (chosen) return chosen;
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'alfa-cloud');
}

/** A short hash over the names, modes and contents of all files under the folders, and over further inputs. */
export async function contentHash(folders: readonly string[], ...others: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const other of [process.arch, ...others]) hash.update(`${other}\0`);
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      const { mode } = await stat(file);
      hash.update(`${file.slice(folder.length)}\0${(mode & 0o111) === 0 ? 'plain' : 'executable'}\0`);
      hash.update(await readFile(file)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The path of `<prefix>-<key>.tar` in the cache; `make` creates it when absent. It is renamed into place when complete, and older versions with
 * the same prefix are removed. The caller holds the cache's lock.
 */
export async function cachedTar(
  prefix: string,
  key: string,
  make: (temporaryPath: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheRoot(), 'images');
  await mkdir(folder, { recursive: true });
  const name = `${prefix}-${key}.tar`;
  const path = join(folder, name);
  const present = await readdir(folder);
  if (present.includes(name)) return path;
  for (const entry of present) {
    if (entry.startsWith(`${prefix}-`)) await rm(join(folder, entry), { recursive: true, force: true });
  }
  const temporaryPath = join(folder, `${prefix}-making-${process.pid}`);
  try {
    await make(temporaryPath);
    await rename(temporaryPath, path);
  } finally {
    await rm(temporaryPath, { force: true });
  }
  return path;
}

/** Whether the cache holds `<prefix>-<key>.tar`. */
export async function isCached(prefix: string, key: string): Promise<boolean> {
  const found = await stat(join(cacheRoot(), 'images', `${prefix}-${key}.tar`)).catch(() => undefined);
  return found !== undefined;
}
