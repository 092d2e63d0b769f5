import { connectEventStore } from '@alfa-cloud/event-sourcing';
import { connectMessaging, type Messaging } from '@alfa-cloud/messaging';
import { createVault, loadMasterKey, openKeyStore, verifyMasterKey, type Vault } from '@alfa-cloud/secrets';
import type { EnginesConfig, HealthCheck, Logger } from '@alfa-cloud/service-kit';

type ConnectedEventStore = ReturnType<typeof connectEventStore>;

/** What a service works with: NATS, the event store, and the keys. */
export interface Engines {
  messaging: Messaging;
  eventStore: ConnectedEventStore;
  vault: Vault;
  checks: Readonly<Record<'nats' | 'eventStore', HealthCheck>>;
  close(): Promise<void>;
}

/** What every service works with: NATS and the keys. */
export type Bus = Pick<Engines, 'messaging' | 'vault' | 'close'>;

/**
 * Connects to NATS and opens the vault: all that a service needs which neither reads nor writes events.
 * @throws Error when the master key can't be read or NATS does not answer in time · MasterKeyRefused when it is another installation's
 */
export const connectBus = async (
  { natsUrl, masterKeyFile }: Pick<EnginesConfig, 'natsUrl' | 'masterKeyFile'>,
  { name, logger }: { name: string; logger: Logger },
): Promise<Bus> => {
  const masterKey = await loadMasterKey(masterKeyFile, { create: false });
  const messaging = await connectMessaging({ url: natsUrl, name, logger });
  let vault: Vault;
  let keys: Awaited<ReturnType<typeof openKeyStore>>;
  try {
    keys = await openKeyStore(messaging.buckets);
    await verifyMasterKey(masterKey, keys);
    const onForeignKey = (scope: string) =>
      logger.error({ scope }, 'A key was sealed with another master key: what it sealed is lost');
    vault = createVault({ masterKey, keys, onForeignKey });
  } catch (error) {
    await messaging.close();
    throw error;
  }
  return {
    messaging,
    vault,
    async close() {
      keys.close();
      await messaging.close();
    },
  };
};

/**
 * Connects to all engines. One set a process: the event store's client keeps state that all its users share.
 * @throws Error as {@link connectBus} does
 */
export const connectEngines = async (
  config: Pick<EnginesConfig, 'natsUrl' | 'eventStoreUrl' | 'masterKeyFile'>,
  options: { name: string; logger: Logger },
): Promise<Engines> => {
  const { messaging, vault, close } = await connectBus(config, options);
  const eventStore = connectEventStore({ connectionString: config.eventStoreUrl, logger: options.logger });
  return {
    messaging,
    eventStore,
    vault,
    checks: {
      nats: async () => {
        if (!messaging.isConnected()) throw new Error('NATS is not connected');
      },
      eventStore: async () => {
        if (!(await eventStore.isReachable())) throw new Error('The event store does not answer');
      },
    },
    async close() {
      await eventStore.close();
      await close();
    },
  };
};
