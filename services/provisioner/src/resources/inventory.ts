import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { label } from '@alfa-cloud/servers';
import { mariadbArgv } from '../on-server/database.ts';
import { serverNames, serverPaths } from '../on-server/names.ts';

/** Everything on a server that carries Alfa Cloud's labels or names, sorted by name. */
export interface Inventory {
  containers: string[];
  volumes: string[];
  networks: string[];
  /** Databases `alfa_…`; null when the database can't be asked. */
  databases: string[] | null;
  /** Accounts `alfa_…`; null when the database can't be asked. */
  databaseUsers: string[] | null;
  /** Directories of clients with the files in them, `<slug>/<file>` (an empty one as `<slug>/`). */
  clientFiles: string[];
}

/** Lists what is on a server, for tests and for a person who asks what is left there. */
export const inventory = async (server: CloudServer, options: CallOptions = {}): Promise<Inventory> => {
  const { containers, volumes, networks } = await server.docker.inventory(options);
  const ours = (things: readonly { name: string; labels: Readonly<Record<string, string>> }[]) =>
    things
      .filter(({ name, labels }) => labels[label.managed] === 'true' || /^alfa(?:-|$)/.test(name))
      .map(({ name }) => name)
      .sort();
  return {
    containers: ours(containers),
    volumes: ours(volumes),
    networks: ours(networks),
    databases: await column(server, databasesSql, options),
    databaseUsers: await column(server, usersSql, options),
    clientFiles: await clientFiles(server, options),
  };
};

const databasesSql =
  "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, 5) = 'alfa_' ORDER BY 1;\n";
const usersSql = "SELECT DISTINCT User FROM mysql.user WHERE LEFT(User, 5) = 'alfa_' ORDER BY 1;\n";

const column = async (server: CloudServer, sql: string, options: CallOptions): Promise<string[] | null> => {
  const state = await server.docker.container(serverNames.database, options);
  if (state?.status !== 'running') return null;
  const result = await server.docker.exec(serverNames.database, { argv: mariadbArgv, stdin: sql }, options);
  return result.exitCode === 0 ? result.stdout.split('\n').filter((line) => line !== '') : null;
};

const clientFiles = async (server: CloudServer, options: CallOptions): Promise<string[]> => {
  const slugs = (await server.files.list(serverPaths.clients, options)) ?? [];
  const files = await Promise.all(
    slugs.map(async (slug) => {
      const names = (await server.files.list(`${serverPaths.clients}/${slug}`, options)) ?? [];
      return names.length === 0 ? [`${slug}/`] : names.map((name) => `${slug}/${name}`);
    }),
  );
  return files.flat().sort();
};
