import { allOrNull, countOf, wordsOf } from './parts.ts';
import type { FileSystem } from './measurements.ts';

/**
 * What `df` told of each path in turn; null for a path of which it told nothing. Paths on one file system get the same object.
 * @param text for each path a line `of <path>`, the table of `df -P -k` and that of `df -P -i`
 */
export const parseFileSystems = (text: string): (FileSystem | null)[] => {
  const known: FileSystem[] = [];
  return text
    .split(/^of .*\n/m)
    .slice(1)
    .map((answer) => {
      const found = fileSystemOf(answer);
      if (found === null) return null;
      const same = known.find((other) => isSame(found, other));
      if (same === undefined) known.push(found);
      return same ?? found;
    });
};

const fileSystemOf = (text: string): FileSystem | null => {
  const lines = text.split('\n').filter((line) => line !== '');
  const isHeading = (line: string) => line.startsWith('Filesystem');
  const inodeHeading = lines.findIndex((line) => isHeading(line) && line.includes('Inodes'));
  const sizes = rowOf(lines.find((line, index) => !isHeading(line) && !isAfter(index, inodeHeading)));
  if (sizes === null) return null;
  const inodes = rowOf(inodeHeading < 0 ? undefined : lines[inodeHeading + 1]);
  const hasInodes = inodes !== null && inodes.total > 0;
  return {
    path: sizes.path,
    totalBytes: sizes.total * 1024,
    usedBytes: sizes.used * 1024,
    freeBytes: sizes.free * 1024,
    inodes: hasInodes ? inodes.total : null,
    inodesFree: hasInodes ? inodes.free : null,
  };
};

const isAfter = (index: number, heading: number): boolean => heading >= 0 && index > heading;

/** `device total used free percent path`; the device and the path may hold spaces. */
const rowOf = (
  line: string | undefined,
): { path: string; total: number; used: number; free: number } | null => {
  const [, numbers, path] = /^.*?\s(\d+\s+\d+\s+\d+)\s+\S+\s+(\/.*)$/.exec(line ?? '') ?? [];
  if (numbers === undefined || path === undefined) return null;
  const [total, used, free] = wordsOf(numbers).map(countOf);
  const counts = allOrNull({ total: total ?? null, used: used ?? null, free: free ?? null });
  return counts === null ? null : { path, ...counts };
};

/** One file system mounted twice, as those of a host in a container, tells the same numbers. */
const isSame = (one: FileSystem, other: FileSystem): boolean =>
  one.path === other.path ||
  (one.totalBytes === other.totalBytes &&
    one.freeBytes === other.freeBytes &&
    one.inodes === other.inodes &&
    one.inodesFree === other.inodesFree);
