import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { ImageIdentity, PersonalData } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { createRedactor, isKeyLost, type Vault } from '@alfa-cloud/secrets';
import {
  clientOwnerTag,
  type CloudServers,
  loadServer,
  type Origin,
  type RegisteredServer,
} from '@alfa-cloud/servers';
import { loadClient } from '../domain/load.ts';
import { clientEnvironment } from './client-environment.ts';
import { final } from './failures.ts';
import { clientNames, cloudAddress, type ClientNames } from './names.ts';
import type { OwnedDirectory } from './owned-directory.ts';
import type { Held } from '../domain/held.ts';
import { keyLost } from '../domain/lost-key.ts';
import type {
  ActiveClient,
  ClientSecrets,
  ClientState,
  Maintenance,
  RequestedClient,
} from '../domain/client.ts';

/** A client together with its server: what the steps of an operation on a client share. Follows from stored events alone. */
export interface ClientOnServer {
  client: RequestedClient;
  personal: PersonalData;
  secrets: ClientSecrets;
  /** As recorded. What the running operation changes is recorded at its end. */
  maintenance: Maintenance | null;
  demo: ActiveClient['demo'];
  /** The secret in the command of the running operation; null without one. */
  operationSecret: string | null;
  server: RegisteredServer;
  cloud: CloudServer;
  names: ClientNames;
  /** Who made the container that serves: the creation, or the operation that last replaced it. */
  containerOrigin: Origin;
  /** The image that the container was made from, by its record; null before the client is active. */
  imageId: string | null;
  /** Image before the last switch. */
  previousImage: ImageIdentity | null;
  /** Further DNS names of the client's cloud. */
  aliases: readonly string[];
  cloudSettings: ActiveClient['cloudSettings'];
  /** What another server keeps of it; null when none does. */
  held: Held | null;
  /** Who made the client's things: its creation. A later operation may use whatever carries the client's id. */
  origin: Origin;
  /** Owner tag of what can't carry labels: the comment of the database, the first line of the virtual host. */
  ownerTag: string;
  directory: OwnedDirectory;
  /** Address of the client's cloud. */
  address: string;
  environment: Readonly<Record<string, string>>;
  /** Takes the client's secrets and personal data out of a text. */
  redact: (text: string) => string;
}

/** Personal data shorter than this stays in the output: taking it out would hide ordinary words. */
const shortestPersonal = 6;

/**
 * A client whose key is lost is loaded all the same; see {@link withoutKey}.
 * @param on the server of which it is asked what the client is or shall be there; default: the one where it lives
 * @throws Error when the client or the server is unknown
 */
export const loadClientOnServer = async (
  deps: { store: EventStore; vault: Vault; cloudServers: CloudServers },
  clientId: string,
  on?: string,
): Promise<ClientOnServer> => {
  const { state } = await loadClient(deps.store, clientId);
  if (state.status === 'absent') throw new Error(`Client ${clientId} does not exist`);
  const serverId = on ?? state.client.serverId;
  const { state: serverState } = await loadServer(deps.store, serverId);
  if (serverState.status === 'absent') throw new Error(`Server ${serverId} does not exist`);
  const sealed = 'operation' in state ? (state.operation?.sealed ?? null) : null;
  const onServer = (opened: Opened) =>
    clientOnServerOf(state, serverState.server, deps.cloudServers.of(serverState.server), opened);
  try {
    const [personal, secrets, operationSecret] = await Promise.all([
      deps.vault.open(state.client.personal),
      deps.vault.open(state.client.secrets),
      sealed === null ? null : deps.vault.open(sealed),
    ]);
    return onServer({
      personal: JSON.parse(personal) as PersonalData,
      secrets: JSON.parse(secrets) as ClientSecrets,
      operationSecret,
    });
  } catch (error) {
    if (!isKeyLost(error)) throw error;
    return withoutKey(onServer(unreadable));
  }
};

type Opened = Pick<ClientOnServer, 'personal' | 'secrets' | 'operationSecret'>;

const unreadable: Opened = {
  personal: { name: '', email: '', ownerLogin: '', notes: '' },
  secrets: { databasePassword: '', appKey: '', ownerPassword: '' },
  operationSecret: null,
};

/**
 * A client whose sealed values can't be read: an operation that needs one of them fails with `client_key_lost`, all others work, deletion
 * included. The properties are not enumerable, so that a copy of the rest does not read them.
 */
const withoutKey = (client: ClientOnServer): ClientOnServer => {
  const get = () => {
    throw final('client_key_lost', keyLost);
  };
  for (const name of ['personal', 'secrets', 'operationSecret', 'environment']) {
    Object.defineProperty(client, name, { get, enumerable: false });
  }
  return client;
};

const clientOnServerOf = (
  state: Exclude<ClientState, { status: 'absent' }>,
  server: RegisteredServer,
  cloud: CloudServer,
  opened: Opened,
): ClientOnServer => {
  const { client } = state;
  const { personal, secrets, operationSecret } = opened;
  const names = clientNames(client.slug, server.domain);
  const address = cloudAddress(names.host, server.proxy.httpPort);
  const { databasePassword, appKey, ownerPassword } = secrets;
  const { name, email, ownerLogin } = personal;
  return {
    client,
    ...opened,
    ...laterOf(state),
    server,
    cloud,
    names,
    address,
    containerOrigin: {
      serverId: server.id,
      clientId: client.id,
      operationId: state.status === 'active' ? state.containerOperationId : client.operationId,
    },
    origin: { serverId: server.id, clientId: client.id, operationId: client.operationId },
    ownerTag: clientOwnerTag(client),
    directory: {
      path: names.directory,
      ownerFile: names.ownerFile,
      ownership: { client: client.id, operation: client.operationId },
    },
    environment: clientEnvironment({
      names,
      address,
      name,
      locale: client.locale,
      appKey,
      databasePassword,
      isCopy: client.sourceClientId !== undefined,
    }),
    redact: createRedactor([
      databasePassword,
      ownerPassword,
      appKey,
      appKey.replace(/^base64:/, ''),
      ...(operationSecret === null ? [] : [operationSecret]),
      ...[name, email, ownerLogin].filter((value) => value.length >= shortestPersonal),
    ]),
  };
};

/** What has no value before the client is active. */
const laterOf = (
  state: ClientState,
): Pick<
  ClientOnServer,
  'maintenance' | 'demo' | 'imageId' | 'previousImage' | 'aliases' | 'cloudSettings' | 'held'
> =>
  state.status === 'active'
    ? {
        maintenance: state.maintenance,
        demo: state.demo,
        imageId: state.imageId,
        previousImage: state.previousImage,
        aliases: state.aliases,
        cloudSettings: state.cloudSettings,
        held: state.held,
      }
    : {
        maintenance: null,
        demo: 'absent',
        imageId: null,
        previousImage: null,
        aliases: [],
        cloudSettings: { quickStart: true, tutorial: true },
        held: null,
      };
