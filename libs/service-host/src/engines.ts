import { connectEventStore } from '@alfa-cloud/event-sourcing';
import { connectMessaging, type Messaging } from '@alfa-cloud/messaging';
import {
  createVault,
  loadMasterKey,
  openKeyStore,
  verifyMasterKey,
  type KeyLoss,
  type Vault,
} from '@alfa-cloud/secrets';
import type { BusConfig, EnginesConfig, HealthCheck, Logger } from '@alfa-cloud/service-kit';

type ConnectedEventStore = ReturnType<typeof connectEventStore>;

/** NATS and the keys, which every service needs. */
export interface Bus {
  messaging: Messaging;
  vault: Vault;
  checks: Readonly<Record<string, HealthCheck>>;
  close(): Promise<void>;
}

/** NATS, the keys and the event store. */
export interface Engines extends Bus {
  eventStore: ConnectedEventStore;
}

const keysLost =
  'NATS has lost the keys of all clients and servers: their secrets and personal data can not be read any more';
const keysCure = 'Restore the store of JetStream from its backup; docs/operations.md, "A lost store of NATS"';

const lostKey: Readonly<Record<KeyLoss, string>> = {
  foreign: 'A key was sealed with another master key: what it sealed is lost',
  missing: `A key is missing that nobody has destroyed: what it sealed can not be read any more. ${keysCure}`,
};

/** Lost keys that are named in the health. */
const namedMax = 5;

/** A store that was lost while everything was stopped is an empty one at the start: only what is needed of it tells. */
const detailOf = (lost: readonly string[]): string | undefined => {
  if (lost.length === 0) return undefined;
  const more = lost.length > namedMax ? ` and ${lost.length - namedMax} more` : '';
  return `Keys are lost, and what they sealed can not be read any more: ${lost.slice(0, namedMax).join(', ')}${more}. ${keysCure}`;
};

/**
 * Connects to NATS and opens the vault.
 * @throws Error when the master key can't be read or NATS does not answer in time; MasterKeyRefused when it is that of another installation
 */
export const connectBus = async (
  { natsUrl, masterKeyFile }: Pick<BusConfig, 'natsUrl' | 'masterKeyFile'>,
  { name, logger }: { name: string; logger: Logger },
): Promise<Bus> => {
  const masterKey = await loadMasterKey(masterKeyFile, { create: false });
  const messaging = await connectMessaging({ url: natsUrl, name, logger });
  let vault: ReturnType<typeof createVault>;
  let keys: Awaited<ReturnType<typeof openKeyStore>>;
  let lostAt: string | null = null;
  try {
    keys = await openKeyStore(messaging.buckets);
    await verifyMasterKey(masterKey, keys);
    keys.onLost(() => {
      lostAt = new Date().toISOString();
      logger.error({ lostAt }, `${keysLost}. ${keysCure}`);
      // A later start is to refuse another master key, as before.
      verifyMasterKey(masterKey, keys).catch((error: unknown) =>
        logger.error({ err: error }, 'The master key could not be verified after the loss of the keys'),
      );
    });
    const onLostKey = (scope: string, loss: KeyLoss) => logger.error({ scope }, lostKey[loss]);
    vault = createVault({ masterKey, keys, onLostKey });
  } catch (error) {
    await messaging.close();
    throw error;
  }
  return {
    messaging,
    vault,
    checks: {
      nats: async () => {
        if (!messaging.isConnected()) throw new Error('NATS is not connected');
      },
      keys: async () =>
        lostAt === null ? detailOf(vault.lostKeys()) : `${keysLost} at ${lostAt}. ${keysCure}`,
    },
    async close() {
      keys.close();
      await messaging.close();
    },
  };
};

/**
 * Connects to all engines. To be called once a process: the event store's client has state that all its users share.
 * @throws Error as {@link connectBus} does
 */
export const connectEngines = async (
  config: Pick<EnginesConfig, 'natsUrl' | 'eventStoreUrl' | 'masterKeyFile'>,
  options: { name: string; logger: Logger },
): Promise<Engines> => {
  const bus = await connectBus(config, options);
  const eventStore = connectEventStore({ connectionString: config.eventStoreUrl, logger: options.logger });
  return {
    ...bus,
    eventStore,
    checks: {
      ...bus.checks,
      eventStore: async () => {
        if (!(await eventStore.isReachable())) throw new Error('The event store does not answer');
      },
    },
    async close() {
      await eventStore.close();
      await bus.close();
    },
  };
};
