import { errorMessage } from '@alfa-cloud/service-kit';
import {
  jetstreamManager,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetStream, refusalCode } from './nats-errors.ts';
import { streamConfigs, type StreamLimits, type WantedStream } from './stream-configs.ts';

/**
 * Creates the streams, or updates existing ones to this configuration. Idempotent, and safe when several services do it at once.
 * @returns `born`: creation time of the command stream. It changes when the stream is recreated, which starts its sequence numbers anew.
 */
export const ensureStreams = async (
  connection: NatsConnection,
  limits: StreamLimits,
): Promise<{ born: string }> => {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 3000 });
  const { commands, lastMessages } = streamConfigs(limits);
  for (const wanted of lastMessages) await ensureStream(manager, wanted);
  return { born: (await ensureStream(manager, commands)).created };
};

const ensureStream = async (manager: JetStreamManager, wanted: WantedStream): Promise<StreamInfo> => {
  const existing = await findStream(manager, wanted.name);
  if (existing === null) {
    try {
      return await manager.streams.add(wanted);
    } catch (error) {
      // Another service created it in the meantime.
      if (refusalCode(error) !== jetStream.streamNameInUse) throw error;
      return await ensureStream(manager, wanted);
    }
  }
  if (isAsWanted(existing.config, wanted)) return existing;
  try {
    return await manager.streams.update(wanted.name, { ...existing.config, ...wanted });
  } catch (error) {
    throw new Error(
      `Stream ${wanted.name} exists with another configuration that can't be changed: ${errorMessage(error)}`,
      { cause: error },
    );
  }
};

const findStream = async (manager: JetStreamManager, name: string): Promise<StreamInfo | null> => {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (refusalCode(error) === jetStream.streamNotFound) return null;
    throw error;
  }
};

const isAsWanted = (config: StreamConfig, wanted: WantedStream): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(config[name as keyof StreamConfig]) === JSON.stringify(value),
  );
