import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import type { ClientView } from '@alfa-cloud/contracts';
import { clientNames, insideContainers, serverNames } from '../on-server/names.ts';

/** What lies on a server's disks for each client, in bytes by the clients' ids. */
export interface Sizes {
  /** By our clock, ms. */
  at: number;
  databases: ReadonlyMap<string, number>;
  storages: ReadonlyMap<string, number>;
}

const deadlineMs = 120_000;

/**
 * Reads through all databases and volumes of a server, which takes seconds: never while somebody waits. What can't be told is left out.
 * @param clients who live there
 */
export const findSizes = async (
  cloud: CloudServer,
  clients: readonly Pick<ClientView, 'id' | 'slug'>[],
  { now, signal }: { now: () => Date; signal: AbortSignal },
): Promise<Sizes> => {
  const [directories, volumes] = await Promise.all([
    databaseSizes(cloud, signal),
    cloud.docker.volumeSizes({ deadlineMs, signal }).catch(nothingKnown),
  ]);
  const bytesOf = new Map(volumes.map(({ name, bytes }) => [name, bytes]));
  const named = clients.map(({ id, slug }) => ({ id, names: clientNames(slug, '') }));
  const found = (bytes: ReadonlyMap<string, number>, nameOf: (one: (typeof named)[number]) => string) =>
    new Map(
      named.flatMap((one): [string, number][] => {
        const size = bytes.get(nameOf(one));
        return size === undefined ? [] : [[one.id, size]];
      }),
    );
  return {
    at: now().getTime(),
    databases: found(directories, ({ names }) => names.database),
    storages: found(bytesOf, ({ names }) => names.volume),
  };
};

const databaseSizes = async ({ docker }: CloudServer, signal: AbortSignal): Promise<Map<string, number>> => {
  const script = 'cd "$1" && exec du -sk -- alfa_*';
  const argv = ['sh', '-c', script, 'sh', insideContainers.databaseData];
  const request = { argv, outputMax: 4_194_304 };
  try {
    const { stdout } = await docker.exec(serverNames.database, request, { deadlineMs, signal });
    return parseDirectorySizes(stdout);
  } catch (error) {
    nothingKnown(error);
    return new Map();
  }
};

/** Bytes of each database by its name. MariaDB writes what is no letter, digit or underscore in a name as `@` and four hex digits. Pure. */
export const parseDirectorySizes = (text: string): Map<string, number> =>
  new Map(
    [...text.matchAll(/^(\d+)\s+(\S+)$/gm)].map(([, kibibytes, directory = '']) => [
      directory.replace(/@([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      Number(kibibytes) * 1024,
    ]),
  );

const nothingKnown = (error: unknown): [] => {
  if (!isCloudServerError(error)) throw error;
  return [];
};
