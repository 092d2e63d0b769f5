import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { createRedactor, isKeyLost, type Vault } from '@alfa-cloud/secrets';
import {
  type CloudServers,
  loadServer,
  type Origin,
  type RegisteredServer,
  type ServerSecrets,
} from '@alfa-cloud/servers';
import { serverKeyLost } from '../domain/lost-key.ts';
import { final } from './failures.ts';

/** A server together with its secrets: what the steps of a preparation share. Follows from stored events alone. */
export interface Preparation {
  server: RegisteredServer;
  secrets: ServerSecrets;
  cloud: CloudServer;
  origin: Origin;
  /** It has taken clients at some time. */
  wasReady: boolean;
  /** Takes the server's secrets out of a text. */
  redact: (text: string) => string;
}

/** What the operator may set about the preparation of servers. */
export interface PreparationConfig {
  databaseImage: string;
  proxyImage: string;
  /** Least free space on the server, bytes. */
  freeBytesMin: number;
  /** Largest difference between the server's clock and ours, ms. */
  clockSkewMaxMs: number;
  /** Longest time until a new database answers, ms. */
  databaseStartMs: number;
  /** Longest time to fetch an image from its registry, ms. */
  pullMs: number;
}

/** @throws Error when the server is unknown */
export const loadPreparation = async (
  deps: { store: EventStore; vault: Vault; cloudServers: CloudServers },
  serverId: string,
): Promise<Preparation> => {
  const { state } = await loadServer(deps.store, serverId);
  if (state.status === 'absent') throw new Error(`Server ${serverId} does not exist`);
  const { server, wasReady } = state;
  const origin = { serverId, operationId: server.operationId };
  const common = { server, cloud: deps.cloudServers.of(server), origin, wasReady };
  try {
    const secrets = JSON.parse(await deps.vault.open(server.secrets)) as ServerSecrets;
    return { ...common, secrets, redact: createRedactor([secrets.databaseRootPassword]) };
  } catch (error) {
    if (!isKeyLost(error)) throw error;
    return withoutSecrets({ ...common, redact: (text) => text });
  }
};

/** What needs the secrets fails for good, and everything else works. Not enumerable, so that a copy of the rest does not read them. */
const withoutSecrets = (known: Omit<Preparation, 'secrets'>): Preparation =>
  Object.defineProperty({ ...known } as Preparation, 'secrets', {
    enumerable: false,
    get() {
      throw final('server_key_lost', serverKeyLost);
    },
  });
