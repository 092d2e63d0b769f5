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
 * The path of `<prefix>-<key>.tar` in the cache; `make` creates it when absent. It is renamed into place when complete. Of older versions with the
 * same prefix the last one stays, for a checkout beside this one. The caller holds the cache's lock.
 */
export async function cachedTar(
  prefix: string,
  key: string,
  make: (temporaryPath: string) => Promise<void>,
): Promise<string> {
  const folder = cacheFolder();
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${prefix}-${key}.tar`);
  if ((await cachedKeys(prefix)).includes(key)) return path;
  await removeOlder(folder, prefix);
  const temporaryPath = join(folder, `${prefix}-making-${process.pid}`);
  try {
    await make(temporaryPath);
    await rename(temporaryPath, path);
  } finally {
    await rm(temporaryPath, { force: true });
  }
  return path;
}

/** The keys of the tars with that prefix which the cache holds. */
export async function cachedKeys(prefix: string): Promise<string[]> {
  const names = await readdir(cacheFolder()).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${prefix}-`) && name.endsWith('.tar'))
    .map((name) => name.slice(prefix.length + 1, -'.tar'.length));
}

const cacheFolder = (): string => join(cacheRoot(), 'images');

async function removeOlder(folder: string, prefix: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${prefix}-`));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, changedMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const whole = dated
    .filter(({ name }) => name.endsWith('.tar'))
    .sort((one, other) => other.changedMs - one.changedMs);
  for (const { name } of dated) {
    if (name !== whole[0]?.name) await rm(join(folder, name), { recursive: true, force: true });
  }
}
