import { message, reject } from '@alfa-cloud/contracts';
import { loadServer, objectionsToClients, type RegisteredServer } from '@alfa-cloud/servers';
import { askedInStep } from './read-models.ts';
import { knownServers, type ServersDeps } from './registered.ts';

/** @throws Rejection `server_unknown` when one of the servers that were asked for is not there */
export const checkTargets = async (
  { store }: Pick<ServersDeps, 'store'>,
  targetServers: readonly string[],
): Promise<void> => {
  for (const id of targetServers) {
    const { state } = await loadServer(store, id);
    if (state.status !== 'absent' && state.status !== 'removed') continue;
    throw reject('server_unknown', message`Server ${id} does not exist`);
  }
};

/** Servers that get the image: those that were asked for, else all that take clients now. For a step. */
export const targetsOf = async (
  { store, queries }: Pick<ServersDeps, 'store' | 'queries'>,
  targetServers: readonly string[] | null,
  signal: AbortSignal,
): Promise<RegisteredServer[]> => {
  const servers = await knownServers({ store, queries: askedInStep(queries) }, signal);
  return servers
    .filter((state) =>
      targetServers === null
        ? objectionsToClients(state.server.id, state).length === 0 && state.server.role !== 'build'
        : targetServers.includes(state.server.id),
    )
    .map(({ server }) => server);
};
