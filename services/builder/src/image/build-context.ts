import packageOfIgnore from '@balena/dockerignore';
import { createReadStream, type Dirent } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';
import { pack } from 'tar-stream';
import { readPlainFile } from '../source/plain-file.ts';

// Its types speak of a member `default`, which the module does not have.
const dockerIgnore = packageOfIgnore as unknown as typeof packageOfIgnore.default;

const ignoreFile = '.dockerignore';

export interface ContextOptions {
  /** Path of the Dockerfile within the folder. */
  dockerfile: string;
  /** Time of all files: with that of the commit the same commit gives the same archive. */
  modifiedAt: Date;
}

/**
 * A folder as a tar archive for a build: all but what its `.dockerignore` leaves out, in the order of the names. The Dockerfile always comes
 * along. Failures: final `dockerfile_missing` and `dockerignore_refused`; a file that can't be read ends the archive with its error.
 */
export const contextOf = async (folder: string, options: ContextOptions): Promise<Readable> => {
  const { dockerfile, modifiedAt } = options;
  const found = await lstat(join(folder, dockerfile)).catch(() => null);
  if (found?.isFile() !== true) {
    const words = message`The commit has no file ${dockerfile}: add it, or tell the path of yours by PUT /repository`;
    throw new StepFailure('final', 'dockerfile_missing', words);
  }
  const paths = await pathsOf(folder, dockerfile);
  const archive = pack();
  const fill = async () => {
    for (const path of paths) await add(archive, folder, path, modifiedAt);
    archive.finalize();
  };
  fill().catch((error: Error) => archive.destroy(error));
  return archive;
};

const pathsOf = async (folder: string, dockerfile: string): Promise<string[]> => {
  const rules = await rulesIn(folder);
  const ignored = dockerIgnore().add(rules);
  // Below a directory that is left out something may be taken back in.
  const hasExceptions = rules.split('\n').some((line) => line.trim().startsWith('!'));
  const isLeftOut = (path: string) =>
    path !== dockerfile && path !== ignoreFile && !dockerfile.startsWith(`${path}/`) && ignored.ignores(path);
  const entriesIn = (path: string) => readdir(join(folder, path), { withFileTypes: true });
  return pathsBelow(entriesIn, { isLeftOut, hasExceptions });
};

const rulesIn = async (folder: string): Promise<string> => {
  const found = await readPlainFile(join(folder, ignoreFile));
  if (found === 'missing') return '';
  if (found !== 'refused') return found.text;
  const words = message`${ignoreFile} of the commit must be a plain file of at most 1 MiB, no link`;
  throw new StepFailure('final', 'dockerignore_refused', words);
};

type Entry = Pick<Dirent, 'name' | 'isDirectory'>;

/** All paths but those left out, in the order of their names. */
export const pathsBelow = async (
  entriesIn: (path: string) => Promise<Entry[]>,
  { isLeftOut, hasExceptions }: { isLeftOut: (path: string) => boolean; hasExceptions: boolean },
): Promise<string[]> => {
  const found: string[] = [];
  const addBelow = async (path: string): Promise<void> => {
    for (const entry of (await entriesIn(path)).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      const leftOut = isLeftOut(name);
      if (!leftOut) found.push(name);
      if (entry.isDirectory() && (!leftOut || hasExceptions)) await addBelow(name);
    }
  };
  await addBelow('');
  return found;
};

const add = async (
  archive: ReturnType<typeof pack>,
  folder: string,
  name: string,
  mtime: Date,
): Promise<void> => {
  const place = join(folder, name);
  const facts = await lstat(place);
  const header = { name, mode: facts.mode & 0o7777, mtime };
  if (facts.isFile()) {
    await new Promise<void>((resolve, reject) => {
      const entry = archive.entry({ ...header, size: facts.size }, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
      pipeline(createReadStream(place), entry).catch(reject);
    });
    return;
  }
  const other = facts.isSymbolicLink()
    ? ({ ...header, type: 'symlink', linkname: await readlink(place) } as const)
    : ({ ...header, type: 'directory' } as const);
  if (!facts.isSymbolicLink() && !facts.isDirectory()) return;
  await new Promise<void>((resolve, reject) => {
    archive
      .entry(other, (error) => (error === null || error === undefined ? resolve() : reject(error)))
      .end();
  });
};
