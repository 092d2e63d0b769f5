import { deriveId, reject, streams, type Command, type CommandData } from '@alfa-cloud/contracts';
import { acceptOperation, handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { generatePassword, type Vault } from '@alfa-cloud/secrets';
import type { Clock } from '@alfa-cloud/service-kit';
import type { CloudServers } from '../cloud-servers.ts';
import { loadServer } from '../load.ts';
import { causeOf } from '../operations/cause.ts';
import type { OperationRunner } from '../operations/run-to-end.ts';
import { reserve } from '../reservations.ts';
import { loadPreparation, type PreparationSettings } from './preparation.ts';
import { prepareOperation } from './prepare-operation.ts';
import { serverDecider, type ServerSecrets } from './server.ts';
import { serverNameReservation } from './server-name.ts';

type RegisterCommand = Command<CommandData<'RegisterServer'>, 'RegisterServer'>;

export interface RegisterServerDeps {
  store: EventStore;
  vault: Vault;
  clock: Clock;
  cloudServers: CloudServers;
  run: OperationRunner;
  settings: PreparationSettings;
}

/** Registers a server and prepares it. What was decided once is never decided again: a repeated delivery goes on. */
export const registerServerHandler = (deps: RegisterServerDeps): CommandHandler<'RegisterServer'> => {
  const { store, settings, clock } = deps;
  return {
    async handle(delivery) {
      const { command, signal } = delivery;
      const { serverId } = command.data;
      const cause = causeOf(command);
      const operationId = operationIdOf(command);
      const { state } = await loadServer(store, serverId);
      if (state.status === 'absent') await register(deps, command, operationId, cause);
      const definition = prepareOperation(store, settings, clock, cause);
      const accepted = await acceptOperation(store, {
        operationId,
        kind: definition.kind,
        target: { type: 'server', id: serverId },
        steps: definition.steps.map(({ name }) => name),
        cause,
      });
      await delivery.accepted({ serverId, operationId }, accepted.position);
      await deps.run({
        operationId,
        serverId,
        command,
        definition,
        signal,
        loadContext: async () => {
          const context = await loadPreparation(deps, serverId);
          return { context, redact: context.redact };
        },
      });
    },
    isUnderWay: async (command) =>
      (await store.read(streams.operation(operationIdOf(command)))).revision !== null,
  };
};

const operationIdOf = (command: { id: string }): string => deriveId(command.id, 'operation');

const register = async (
  { store, vault }: RegisterServerDeps,
  command: RegisterCommand,
  operationId: string,
  cause: Cause,
): Promise<void> => {
  const { serverId, ...data } = command.data;
  if (data.connection.kind !== 'local') {
    throw reject(
      'connection_kind_not_supported',
      `Connections of kind "${data.connection.kind}" are not supported yet; "local" is`,
      { pointer: '/data/attributes/connection/kind' },
    );
  }
  const holder = await reserve(store, serverNameReservation({ id: serverId, name: data.name }), cause);
  if (holder !== serverId) {
    throw reject('server_name_taken', `There is a server "${data.name}" already`, {
      pointer: '/data/attributes/name',
    });
  }
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
