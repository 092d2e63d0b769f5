import { message, reject } from '@alfa-cloud/contracts';
import type { RegisteredServer, ServerState } from '@alfa-cloud/servers';

type Known = Exclude<ServerState, { status: 'absent' }>;

/**
 * The server that builds: the first ready and active one of role `build`, else the machine of Alfa Cloud itself. Pure.
 * @throws Rejection `no_build_server`
 */
export const chooseBuildServer = (servers: readonly Known[]): RegisteredServer => {
  const usable = servers.filter(
    ({ status, server, reboot }) => status === 'ready' && server.active && reboot === null,
  );
  const chosen =
    usable.find(({ server }) => server.role === 'build') ??
    usable.find(({ server }) => server.connection.kind === 'local');
  if (chosen !== undefined) return chosen.server;
  throw reject(
    'no_build_server',
    message`No server can build: register one with the role "build", or the machine of Alfa Cloud itself (connection "local"), and wait until it is ready`,
  );
};

/** Why it was chosen, for the log. */
export const whyChosen = ({ name, role }: RegisteredServer): string =>
  role === 'build'
    ? `Built on server ${name}, which has the role "build"`
    : `Built on server ${name}, this machine, as no server with the role "build" is ready`;
