import { connectMessaging } from '@alfa-cloud/messaging';
import { adoptMasterKey, foreignKeys, loadMasterKey, openKeyStore } from '@alfa-cloud/secrets';
import type { Logger } from '@alfa-cloud/service-kit';
import type { AlfaCloudConfig } from './config.ts';
import { startNatsEngine } from './nats-engine.ts';
import { findRunningNats, natsDirectory } from './running-nats.ts';

/**
 * Makes the master key in the configured file that of this installation, because the former one is lost.
 * @param options.confirmed false: changes nothing and only determines what would be lost
 * @returns names of the keys that this master key does not open; they are destroyed when confirmed
 * @throws Error for the operator when the key file can't be read or the engines can't be reached
 */
export const adoptKey = async (
  config: Pick<AlfaCloudConfig, 'dataDirectory' | 'natsUrl' | 'masterKeyFile' | 'searchPath'>,
  { confirmed, logger }: { confirmed: boolean; logger: Logger },
): Promise<string[]> => {
  const masterKey = await loadMasterKey(config.masterKeyFile, { create: false });
  const directory = natsDirectory(config.dataDirectory);
  const running = config.natsUrl ?? (await findRunningNats(directory));
  const own =
    running === null
      ? await startNatsEngine({ directory, logger, searchPath: config.searchPath })
      : { url: running, stop: async () => undefined };
  try {
    const messaging = await connectMessaging({ url: own.url, name: 'adopt-key', logger });
    try {
      const keys = await openKeyStore(messaging.buckets);
      const lost = await (confirmed ? adoptMasterKey(masterKey, keys) : foreignKeys(masterKey, keys));
      keys.close();
      return lost;
    } finally {
      await messaging.close();
    }
  } finally {
    await own.stop();
  }
};
