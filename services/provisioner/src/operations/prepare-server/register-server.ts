import {
  deriveId,
  reject,
  streams,
  type Command,
  type CommandData,
  type Rejection,
} from '@alfa-cloud/contracts';
import { handleCommand, type Cause } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { generatePassword } from '@alfa-cloud/secrets';
import { isOperationUnderWay, operationIdOf } from '../common/accept-and-run.ts';
import { loadServer } from '../../domain/load.ts';
import { causeOf } from '@alfa-cloud/operations';
import { reserve } from '../../domain/reservations.ts';
import { runPreparation, type PreparationDeps } from './run-preparation.ts';
import { serverDecider, type ServerSecrets } from '../../domain/server.ts';
import { nameTaken, serverNameReservation } from '../../domain/server-name.ts';

type RegisterCommand = Command<CommandData<'RegisterServer'>, 'RegisterServer'>;

/** Registers a server and prepares it. What was decided once is never decided again: a repeated delivery goes on. */
export const registerServerHandler = (deps: PreparationDeps): CommandHandler<'RegisterServer'> => ({
  async handle(delivery) {
    const { command } = delivery;
    const { serverId } = command.data;
    const operationId = operationIdOf(command);
    const { state } = await loadServer(deps.store, serverId);
    if (state.status === 'absent') await register(deps, command, operationId, causeOf(command));
    await runPreparation(deps, delivery, { serverId, operationId });
  },
  isUnderWay: isOperationUnderWay(deps.store),
});

const register = async (
  { store, vault }: PreparationDeps,
  command: RegisterCommand,
  operationId: string,
  cause: Cause,
): Promise<void> => {
  const { serverId, ...data } = command.data;
  if (data.connection.kind !== 'local') {
    throw connectionNotSupported(data.connection.kind);
  }
  const holder = await reserve(store, serverNameReservation({ id: serverId, name: data.name }), cause);
  if (holder !== serverId) throw nameTaken(data.name);
  const secrets: ServerSecrets = { databaseRootPassword: generatePassword(32) };
  const scope = `server.${serverId}` as const;
  await vault.ensureKey(scope);
  const sealed = await vault.seal(scope, JSON.stringify(secrets));
  await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command: { type: 'register', server: { ...data, id: serverId, operationId, secrets: sealed } },
    cause,
    eventIds: (index) => deriveId(command.id, 'register', index),
  });
};

/** Refuses a kind of connection that comes later. */
export const connectionNotSupported = (kind: string): Rejection =>
  reject('connection_kind_not_supported', `Connections of kind "${kind}" are not supported yet; "local" is`, {
    pointer: '/data/attributes/connection/kind',
  });
