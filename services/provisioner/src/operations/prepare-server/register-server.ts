import { deriveId, prepareServer, streams, type CommandData } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { Execution, Implementation } from '@alfa-cloud/operations';
import { generatePassword } from '@alfa-cloud/secrets';
import {
  loadServer,
  sealedForServer,
  serverDecider,
  type ServerSecrets,
  withCredentials,
  withPublicKeys,
} from '@alfa-cloud/servers';
import { reserve } from '../../domain/reservations.ts';
import { nameTaken, serverNameReservation } from '../../domain/server-name.ts';
import { checkConnection } from './check-connection.ts';
import type { OperationsDeps } from '../common/module.ts';
import { begunPreparation } from './preparation.ts';

type RegisterServer = CommandData<'RegisterServer'>;

/** Registers a server and prepares it. What was decided once is never decided again: a repeated delivery goes on. */
export const registerServer = (deps: OperationsDeps): Implementation<RegisterServer> => ({
  operation: prepareServer,
  async begin(execution) {
    const { state } = await loadServer(deps.store, execution.data.serverId);
    if (state.status === 'absent') await register(deps, execution);
    return begunPreparation(deps, execution);
  },
});

const register = async (
  deps: OperationsDeps,
  { data: { serverId, ...data }, operationId, command, cause, signal }: Execution<RegisterServer>,
): Promise<void> => {
  const { store, vault, places } = deps;
  const meant = await withCredentials(deps, data.connection);
  const checked = await checkConnection(deps, meant, signal);
  const holder = await reserve(store, serverNameReservation({ id: serverId, name: data.name }), cause);
  if (holder !== serverId) throw nameTaken(data.name);
  const secrets: ServerSecrets = { databaseRootPassword: generatePassword(32) };
  const scope = `server.${serverId}` as const;
  await vault.ensureKey(scope);
  const sealed = await vault.seal(scope, JSON.stringify(secrets));
  const connection = await sealedForServer(vault, serverId, withPublicKeys(meant, checked));
  await places.openForNew(serverId, cause);
  const server = { ...data, id: serverId, operationId, connection, secrets: sealed };
  await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command: { type: 'register', server, checked },
    cause,
    eventIds: (index) => deriveId(command.id, 'register', index),
  });
};
