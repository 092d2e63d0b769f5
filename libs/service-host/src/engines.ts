import { connectEventStore } from '@alfa-cloud/event-sourcing';
import { connectMessaging, type Messaging } from '@alfa-cloud/messaging';
import { createVault, loadMasterKey, natsKeyStore, type Vault } from '@alfa-cloud/secrets';
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

/**
 * Connects to all engines. One set a process: the event store's client keeps state that all its users share.
 * @throws Error when the master key can't be read or NATS does not answer in time
 */
export const connectEngines = async (
  config: Pick<EnginesConfig, 'natsUrl' | 'eventStoreUrl' | 'masterKeyFile'>,
  options: { name: string; logger: Logger },
): Promise<Engines> => {
  const { name, logger } = options;
  const masterKey = await loadMasterKey(config.masterKeyFile, { create: false });
  const messaging = await connectMessaging({ url: config.natsUrl, name, logger });
  const keys = await natsKeyStore(messaging.connection);
  const eventStore = connectEventStore({ connectionString: config.eventStoreUrl, logger });
  return {
    messaging,
    eventStore,
    vault: createVault({ masterKey, keys }),
    checks: {
      nats: async () => {
        if (!messaging.isConnected()) throw new Error('NATS is not connected');
      },
      eventStore: async () => {
        if (!(await eventStore.isReachable())) throw new Error('The event store does not answer');
      },
    },
    async close() {
      keys.close();
      await eventStore.close();
      await messaging.close();
    },
  };
};
