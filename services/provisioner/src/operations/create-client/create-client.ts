import { randomBytes } from 'node:crypto';
import {
  deriveId,
  Rejection,
  streams,
  type Command,
  type CommandData,
  type PersonalData,
} from '@alfa-cloud/contracts';
import { handleCommand, type Cause } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { generatePassword, type Vault } from '@alfa-cloud/secrets';
import type { Clock, KeyedSemaphore } from '@alfa-cloud/service-kit';
import { loadClient } from '../../domain/load.ts';
import { causeOf } from '@alfa-cloud/operations';
import { reserve } from '../../domain/reservations.ts';
import {
  acceptAndRun,
  isOperationUnderWay,
  operationIdOf,
  type OperationDeps,
} from '../common/accept-and-run.ts';
import { faultsOfCreation, slugTaken, type AdmissionDeps } from './admission.ts';
import { clientDecider, type ClientSecrets, type RequestedClient } from '../../domain/client.ts';
import { createOperation } from './create-operation.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';

type CreateCommand = Command<CommandData<'CreateClient'>, 'CreateClient'>;

export interface CreateClientDeps extends AdmissionDeps, OperationDeps {
  clock: Clock;
  pages: PageDeps;
  settings: ClientSettings;
  /** By server: between counting its clients and adding one, no other of this process may come. */
  admission: KeyedSemaphore;
  /** Called when a creation has ended: there may be a client more to look after. */
  onEnd(): void;
}

/** Decides on a creation and carries it out. What was decided once is never decided again: a repeated delivery goes on. */
export const createClientHandler = (deps: CreateClientDeps): CommandHandler<'CreateClient'> => {
  const { store, admission } = deps;
  return {
    async handle(delivery) {
      const { command, signal } = delivery;
      const { clientId, serverId } = command.data;
      const cause = causeOf(command);
      const operationId = operationIdOf(command);
      const { state } = await loadClient(store, clientId);
      if (state.status === 'absent') {
        await admission.run(serverId, () => requestCreation(deps, command, operationId, cause), signal);
      }
      await acceptAndRun(deps, delivery, {
        clientId,
        serverId,
        definition: createOperation(store, deps.settings, deps.pages, cause),
        onAccepted: (position) => deps.clientCount.noteCreation(position),
      });
      deps.onEnd();
    },
    isUnderWay: isOperationUnderWay(store),
  };
};

const requestCreation = async (
  deps: CreateClientDeps,
  command: CreateCommand,
  operationId: string,
  cause: Cause,
): Promise<void> => {
  const { data } = command;
  const faults = await faultsOfCreation(deps, data, deps.clock());
  if (faults.length > 0) throw new Rejection(faults);
  const name = { scope: 'slug', name: data.slug, holderId: data.clientId } as const;
  if ((await reserve(deps.store, name, cause)) !== data.clientId) throw new Rejection([slugTaken(data.slug)]);
  await handleCommand(deps.store, {
    stream: streams.client(data.clientId),
    decider: clientDecider,
    command: { type: 'request_creation', client: await sealedRequest(deps.vault, command, operationId) },
    cause,
    eventIds: (index) => deriveId(command.id, 'request', index),
  });
};

/** The request with secrets and personal data sealed with the client's own key instead of the transport's. */
const sealedRequest = async (
  vault: Vault,
  { data }: CreateCommand,
  operationId: string,
): Promise<RequestedClient> => {
  const { clientId, personal, ownerPassword, ...facts } = data;
  const scope = `client.${clientId}` as const;
  await vault.ensureKey(scope);
  const readable = JSON.parse(await vault.open(personal)) as PersonalData;
  const secrets: ClientSecrets = {
    ownerPassword: ownerPassword === undefined ? generatePassword() : await vault.open(ownerPassword),
    databasePassword: generatePassword(),
    appKey: `base64:${randomBytes(32).toString('base64')}`,
  };
  return {
    ...facts,
    id: clientId,
    operationId,
    personal: await vault.seal(scope, JSON.stringify(readable)),
    secrets: await vault.seal(scope, JSON.stringify(secrets)),
  };
};
