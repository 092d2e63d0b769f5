import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import packageOfIgnore from '@balena/dockerignore';

// Its types speak of a member `default`, which the module does not have.
const dockerIgnore = packageOfIgnore as unknown as typeof packageOfIgnore.default;

/** Files of a build context: all below the folder but what its `.dockerignore` leaves out, as paths relative to it. */
export async function contextFiles(folder: string): Promise<string[]> {
  const ignored = dockerIgnore().add(await readFile(join(folder, '.dockerignore'), 'utf8'));
  const below = async (path: string): Promise<string[]> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    const files = await Promise.all(
      entries
        .map((entry) => ({ entry, name: join(path, entry.name) }))
        .filter(({ name }) => !ignored.ignores(name))
        .map(async ({ entry, name }) => (entry.isDirectory() ? below(name) : [name])),
    );
    return files.flat();
  };
  return below('');
}
