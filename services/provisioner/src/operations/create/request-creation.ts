import { randomBytes } from 'node:crypto';
import { deriveId, Rejection, streams, type CreateClient, type PersonalData } from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { Execution } from '@alfa-cloud/operations';
import { generatePassword, type Vault } from '@alfa-cloud/secrets';
import { clientDecider, type ClientSecrets, type RequestedClient } from '../../domain/client.ts';
import { loadClient, type Loaded } from '../../domain/load.ts';
import { reserve } from '../../domain/reservations.ts';
import type { ClientState } from '../../domain/client-state.ts';
import type { OperationsDeps } from '../common/module.ts';
import { faultsOfCreation, slugTaken } from './admission.ts';

/** The client as it was requested, now or before a crash. @throws Rejection with all that speaks against it */
export const requestedClient = async (
  deps: OperationsDeps,
  execution: Execution<CreateClient>,
): Promise<Loaded<ClientState>> => {
  const { clientId, serverId } = execution.data;
  const known = await loadClient(deps.store, clientId);
  if (known.state.status !== 'absent') return known;
  return deps.admission.run(serverId, () => requestCreation(deps, execution), execution.signal);
};

const requestCreation = async (
  deps: OperationsDeps,
  { data, operationId, command, cause }: Execution<CreateClient>,
): Promise<Loaded<ClientState>> => {
  const { clientId, slug } = data;
  const faults = await faultsOfCreation(deps, data, deps.clock());
  if (faults.length > 0) throw new Rejection(faults);
  const name = { scope: 'slug', name: slug, holderId: clientId } as const;
  if ((await reserve(deps.store, name, cause)) !== clientId) throw new Rejection([slugTaken(slug)]);
  return handleCommand(deps.store, {
    stream: streams.client(clientId),
    decider: clientDecider,
    command: { type: 'request_creation', client: await sealedRequest(deps.vault, data, operationId) },
    cause,
    eventIds: (index) => deriveId(command.id, 'request', index),
  });
};

/** The request with secrets and personal data sealed with the client's own key instead of the transport's. */
const sealedRequest = async (
  vault: Vault,
  { clientId, personal, ownerPassword, ...facts }: CreateClient,
  operationId: string,
): Promise<RequestedClient> => {
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
