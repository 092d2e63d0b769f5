import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';

interface MountedDirectory {
  /** Relative to the server's root directory. */
  path: string;
  /** Where the container sees it. */
  seenAs: string;
}

/**
 * Directories of the server that a running container does not see any more, because they were removed and made anew: until the container is
 * restarted, its mount leads to the removed directory, which is empty. Can't tell for a directory that is empty on the server.
 */
export const lostMounts = async (
  server: CloudServer,
  container: string,
  directories: readonly MountedDirectory[],
  options: CallOptions,
): Promise<string[]> => {
  const looks = directories.map(async ({ path, seenAs }) => {
    const isEmptyInside = async () => (await listing(server, container, seenAs, options)) === '';
    if (!(await isEmptyInside())) return [];
    const names = await server.files.list(path, options);
    // A file may have come between the two looks.
    return names !== null && names.length > 0 && (await isEmptyInside()) ? [path] : [];
  });
  return (await Promise.all(looks)).flat();
};

/** Empty as well for a directory that can't be read. */
const listing = async (
  { docker }: CloudServer,
  container: string,
  directory: string,
  options: CallOptions,
): Promise<string> => {
  const { stdout } = await docker.exec(container, { argv: ['ls', '-A', directory] }, options);
  return stdout.trim();
};
