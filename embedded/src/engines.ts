import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadMasterKey } from '@alfa-cloud/secrets';
import type { Logger } from '@alfa-cloud/service-kit';
import type { AlfaCloudConfig } from './config.ts';
import { startEventStoreEngine } from './event-store-engine.ts';
import { startNatsEngine } from './nats-engine.ts';
import { natsDirectory } from './running-nats.ts';
import type { SupervisedProcess } from './supervised-process.ts';

/** Process ids of the engines started as children; undefined for an engine that runs elsewhere or is being restarted. */
export interface EnginePids {
  readonly nats: number | undefined;
  readonly eventStore: number | undefined;
}

export interface StartedEngines {
  natsUrl: string;
  eventStoreUrl: string;
  pids: EnginePids;
}

/**
 * Creates the master key when it is absent, and starts the engines whose addresses are not configured.
 * @param cleanup gets the functions that stop them at its front, also when a later engine fails to start
 */
export const startEngines = async (
  config: AlfaCloudConfig,
  logger: Logger,
  cleanup: (() => Promise<void>)[],
): Promise<StartedEngines> => {
  const { dataDirectory, searchPath } = config;
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  await loadMasterKey(config.masterKeyFile, { create: true });
  const keep = <Engine extends SupervisedProcess>(engine: Engine): Engine => {
    cleanup.unshift(() => engine.stop());
    return engine;
  };
  const eventStore =
    config.eventStoreUrl === undefined
      ? keep(
          await startEventStoreEngine({ directory: join(dataDirectory, 'event-store'), logger, searchPath }),
        )
      : { url: config.eventStoreUrl, pid: undefined };
  const nats =
    config.natsUrl === undefined
      ? keep(await startNatsEngine({ directory: natsDirectory(dataDirectory), logger, searchPath }))
      : { url: config.natsUrl, pid: undefined };
  return {
    natsUrl: nats.url,
    eventStoreUrl: eventStore.url,
    pids: {
      get nats() {
        return nats.pid;
      },
      get eventStore() {
        return eventStore.pid;
      },
    },
  };
};
