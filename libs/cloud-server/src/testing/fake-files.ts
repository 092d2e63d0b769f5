import { message } from '@alfa-cloud/contracts';
import { posix } from 'node:path';
import { CloudServerError } from '../cloud-server-error.ts';
import type { ServerFiles } from '../cloud-server.ts';
import { relativeSegments } from '../relative-path.ts';

/** Files in memory. `files` by path relative to the root; `directories` without the root itself. */
export interface FakeDisk {
  files: Map<string, { content: string; mode: number }>;
  directories: Set<string>;
}

/** {@link ServerFiles} over a disk in memory, rooted at `/srv/alfa`. */
export const fakeFiles = (disk: FakeDisk): ServerFiles => {
  const isBelow = (path: string, directory: string) => path.startsWith(`${directory}/`);
  const checked = (path: string): string => relativeSegments(path).join('/');
  return {
    absolute: (path) => `/srv/alfa/${checked(path)}`,
    async createDirectory(path) {
      for (const [index] of relativeSegments(path).entries()) {
        disk.directories.add(
          relativeSegments(path)
            .slice(0, index + 1)
            .join('/'),
        );
      }
    },
    async writeAtomic(path, content, { mode }) {
      const directory = posix.dirname(checked(path));
      if (directory !== '.' && !disk.directories.has(directory)) {
        throw new CloudServerError('final', 'file_failed', message`Could not write file ${path}: ENOENT`);
      }
      disk.files.set(path, { content, mode });
    },
    read: async (path) => disk.files.get(checked(path))?.content ?? null,
    async list(path) {
      if (!disk.directories.has(checked(path))) return null;
      const names = [...disk.files.keys(), ...disk.directories]
        .filter((other) => isBelow(other, path))
        .map((other) => other.slice(path.length + 1).split('/')[0] ?? '');
      return [...new Set(names)];
    },
    async removeFile(path) {
      disk.files.delete(checked(path));
    },
    async removeDirectory(path) {
      const gone = (other: string) => other === checked(path) || isBelow(other, path);
      for (const file of disk.files.keys()) if (gone(file)) disk.files.delete(file);
      for (const directory of disk.directories) if (gone(directory)) disk.directories.delete(directory);
    },
  };
};
