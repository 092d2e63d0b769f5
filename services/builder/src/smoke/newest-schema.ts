import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { askedInStep } from '../servers/read-models.ts';
import type { ServersDeps } from '../servers/registered.ts';
import { openServer } from '../servers/registered.ts';

/** Tables of a client, without its data but with the record of its migrations. */
export interface SchemaCopy {
  slug: string;
  sql: string;
}

/** Of more tables than fit none are taken. */
const charactersMax = 8_000_000;
const dumpMs = 60_000;
/** Clients looked at, newest first: the server of one may be away. */
const clientsMax = 3;

/** Parameter: database. The root password lies where the server's database has it from. */
const script = `set -euo pipefail
MYSQL_PWD=$(cat /run/alfa/root-password); export MYSQL_PWD
options=(--user=root --default-character-set=utf8mb4 --skip-comments --skip-lock-tables --single-transaction)
mariadb-dump "\${options[@]}" --no-data --skip-triggers "$1"
mariadb-dump "\${options[@]}" --no-create-info "$1" migrations 2>/dev/null || true
`;

/** The tables that a migration of the newest client would meet; null with a line in the log where nobody can tell. */
export const newestSchema = async (
  deps: ServersDeps,
  { signal, output }: { signal: AbortSignal; output: (text: string) => void },
): Promise<SchemaCopy | null> => {
  const { result } = await askedInStep(deps.queries).ask(
    'ListClients',
    {
      page: { number: 1, size: clientsMax },
      sort: [{ field: 'createdAt', descending: true }],
      filter: { status: 'active' },
      includeServers: false,
    },
    { signal },
  );
  for (const { slug, serverId } of result.items) {
    try {
      const { cloud } = await openServer(deps, serverId);
      const argv = ['bash', '-c', script, 'alfa-schema', `alfa_${slug}`];
      const request = { argv, outputMax: charactersMax };
      const dumped = await cloud.docker.exec('alfa-database', request, { signal, deadlineMs: dumpMs });
      if (dumped.exitCode === 0 && !dumped.truncated) return { slug, sql: dumped.stdout };
      output(`The tables of client ${slug} can't be copied for the test\n`);
    } catch (error) {
      // Ended from outside, as by another part of the test: that says nothing about this client.
      signal.throwIfAborted();
      if (!isCloudServerError(error)) throw error;
      output(`The tables of client ${slug} can't be copied for the test: ${error.message}\n`);
    }
  }
  if (result.items.length === 0) output('There is no client yet whose tables could be copied for the test\n');
  return null;
};
