import { randomBytes } from 'node:crypto';
import {
  deriveId,
  isRejection,
  reasonOf,
  Rejection,
  streams,
  type CreateClient,
  type PersonalData,
} from '@alfa-cloud/contracts';
import { handleCommand, type Cause } from '@alfa-cloud/event-sourcing';
import type { Execution } from '@alfa-cloud/operations';
import { generatePassword, type Vault } from '@alfa-cloud/secrets';
import type { Loaded } from '@alfa-cloud/servers';
import { clientDecider, type ClientSecrets, type RequestedClient } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import { release, reserve, type Reservation } from '../../domain/reservations.ts';
import type { ClientState } from '../../domain/client-state.ts';
import type { OperationsDeps } from '../common/module.ts';
import { admittingServer, faultsOfCreation, slugTaken, source, type PlacedCreation } from './admission.ts';
import { onChosenServer } from './choose-server.ts';

/** The client as it was requested, now or before a crash. @throws Rejection with all that speaks against it */
export const requestedClient = async (
  deps: OperationsDeps,
  execution: Execution<CreateClient>,
): Promise<Loaded<ClientState>> => {
  const { data, signal } = execution;
  const { clientId, serverId } = data;
  const known = await loadClient(deps.store, clientId);
  if (known.state.status !== 'absent') return known;
  const on = (placed: string, placement: Placement | null) => {
    const request = { ...execution, data: { ...data, serverId: placed } };
    return deps.admission.run(placed, () => requestCreation(deps, request, placement), signal);
  };
  if (serverId !== undefined) return on(serverId, null);
  return onChosenServer(deps, execution, ({ server, reason }) => on(server.id, reasonOf(reason)));
};

/** Why a server was chosen. */
type Placement = ReturnType<typeof reasonOf>;

const requestCreation = async (
  deps: OperationsDeps,
  { data, operationId, command, cause }: Execution<PlacedCreation>,
  placement: Placement | null,
): Promise<Loaded<ClientState>> => {
  const { clientId } = data;
  await admitCreation(deps, data, operationId, cause);
  return handleCommand(deps.store, {
    stream: streams.client(clientId),
    decider: clientDecider,
    command: {
      type: 'request_creation',
      client: {
        ...(await sealedRequest(deps.vault, data, operationId)),
        ...(placement === null ? {} : { placement }),
      },
    },
    cause,
    eventIds: (index) => deriveId(command.id, 'request', index),
  });
};

/** Takes a slug and a place for a client to be made. @throws Rejection with all that speaks against it; then nothing stays taken */
export const admitCreation = (
  deps: OperationsDeps,
  data: PlacedCreation,
  operationId: string,
  cause: Cause,
): Promise<void> =>
  admit(deps, data, operationId, cause).catch(async (error: unknown) => {
    if (isRejection(error)) await giveBack(deps, data, cause);
    throw error;
  });

const admit = async (
  deps: OperationsDeps,
  data: PlacedCreation,
  operationId: string,
  cause: Cause,
): Promise<void> => {
  const { clientId, serverId, slug } = data;
  const faults = await faultsOfCreation(deps, data, deps.clock());
  if (faults.length > 0) throw new Rejection(faults);
  if ((await reserve(deps.store, slugOf(data), cause)) !== clientId) throw new Rejection([slugTaken(slug)]);
  const server = await admittingServer(deps.store, serverId);
  const refused = await deps.places.reservePlace({ server, clientId, operationId }, cause);
  if (refused !== null) throw new Rejection([{ ...refused, ...source.server }]);
  // Whoever closes a server to clients records that first and looks at its places then, so at least one sees the other.
  await admittingServer(deps.store, serverId);
};

/** What a refused creation has taken, now or before a crash. */
const giveBack = async (
  { store, places }: OperationsDeps,
  data: PlacedCreation,
  cause: Cause,
): Promise<void> => {
  const { clientId, serverId } = data;
  if ((await loadClient(store, clientId)).state.status !== 'absent') return;
  await places.freePlace({ serverId, clientId }, cause);
  await release(store, slugOf(data), cause);
};

const slugOf = ({ slug, clientId }: CreateClient): Reservation => ({
  scope: 'slug',
  name: slug,
  holderId: clientId,
});

/** The request with secrets and personal data sealed with the client's own key instead of the transport's. */
const sealedRequest = async (
  vault: Vault,
  { clientId, personal, ownerPassword, ...facts }: PlacedCreation,
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
