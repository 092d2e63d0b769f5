import {
  deriveId,
  isRejection,
  Rejection,
  streams,
  type CommandData,
  type PersonalData,
} from '@alfa-cloud/contracts';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { Execution } from '@alfa-cloud/operations';
import { generatePassword, type Vault } from '@alfa-cloud/secrets';
import type { Loaded } from '@alfa-cloud/servers';
import {
  clientDecider,
  type ActiveClient,
  type ClientSecrets,
  type ClientState,
  type RequestedClient,
} from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import { withClientKey } from '../../domain/lost-key.ts';
import { refuseWhileRebooting } from '../../on-server/while-rebooting.ts';
import type { OperationsDeps } from '../common/module.ts';
import { admitCreation } from '../create/request-creation.ts';
import {
  activeSource,
  creationOf,
  faultsOfRole,
  faultsOfSource,
  unbindCopy,
  inQuery,
  slugOfCopy,
  bindCopy,
} from './admission.ts';

type Copy = Execution<CommandData<'CopyClient'>>;

/** Id of the copy that an operation makes. */
export const copyIdOf = (operationId: string): string => deriveId(operationId, 'copy');

/** The copy as it was requested, now or before a crash. @throws Rejection with all that speaks against it */
export const requestedCopy = async (deps: OperationsDeps, execution: Copy): Promise<Loaded<ClientState>> => {
  const known = await loadClient(deps.store, copyIdOf(execution.operationId));
  if (known.state.status !== 'absent') return known;
  const { data, operationId, cause, signal } = execution;
  const requested = () =>
    requestCopy(deps, execution).catch(async (error: unknown) => {
      // Taken before a crash, perhaps, and nobody would give it back.
      if (isRejection(error)) await unbindCopy(deps.store, data, copyIdOf(operationId), cause);
      throw error;
    });
  return deps.admission.run(data.targetServer, requested, signal);
};

const requestCopy = async (
  deps: OperationsDeps,
  { data, operationId, command, cause }: Copy,
): Promise<Loaded<ClientState>> => {
  const { store, vault } = deps;
  const copyId = copyIdOf(operationId);
  const source = activeSource((await loadClient(store, data.clientId)).state);
  await refuseWhileRebooting(store, source.client.serverId);
  const faults = [...faultsOfSource(source), ...(await faultsOfRole(store, data))];
  if (faults.length > 0) throw new Rejection(faults);
  const slug = slugOfCopy(data, source);
  const client = await withClientKey(() => sealedCopy(vault, source, { copyId, slug, operationId, data }));
  await bindCopy(store, data, copyId, cause);
  const creation = creationOf(deps, { copyId, slug, source, serverId: data.targetServer });
  await admitCreation(deps, creation, operationId, cause).catch(async (error: unknown) => {
    throw isRejection(error) ? new Rejection(await inQuery(store, error.faults, { slug, source })) : error;
  });
  return handleCommand(store, {
    stream: streams.client(copyId),
    decider: clientDecider,
    command: { type: 'request_creation', client },
    cause,
    eventIds: (index) => deriveId(command.id, 'request', index),
  });
};

/** What the copy has from its source, and what is its own. */
const sealedCopy = async (
  vault: Vault,
  { client: source, demo }: ActiveClient,
  {
    copyId,
    slug,
    operationId,
    data,
  }: { copyId: string; slug: string; operationId: string; data: CommandData<'CopyClient'> },
): Promise<RequestedClient> => {
  const [personal, secrets] = await Promise.all([vault.open(source.personal), vault.open(source.secrets)]);
  const { appKey } = JSON.parse(secrets) as ClientSecrets;
  const scope = `client.${copyId}` as const;
  await vault.ensureKey(scope);
  const own: ClientSecrets = {
    ownerPassword:
      data.ownerPassword === undefined ? generatePassword() : await vault.open(data.ownerPassword),
    databasePassword: generatePassword(),
    // With another one the application could not read what it has encrypted.
    appKey,
  };
  const { locale, expireDate, image, limits } = source;
  return {
    id: copyId,
    operationId,
    serverId: data.targetServer,
    sourceClientId: source.id,
    slug,
    locale,
    expireDate,
    image,
    limits,
    demo: demo !== 'absent',
    sendSuccess: false,
    personal: await vault.seal(scope, JSON.stringify(JSON.parse(personal) as PersonalData)),
    secrets: await vault.seal(scope, JSON.stringify(own)),
  };
};
