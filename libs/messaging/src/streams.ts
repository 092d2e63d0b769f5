import {
  ATTEMPTS_STREAM,
  COMMANDS_STREAM,
  receiptRetentionMs,
  RECEIPTS_STREAM,
  REPLIES_STREAM,
  replyRetentionMs,
  subjects,
} from '@alfa-cloud/contracts';
import { errorMessage } from '@alfa-cloud/service-kit';
import {
  DiscardPolicy,
  nanos,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type NatsConnection,
  type StreamConfig,
  type StreamInfo,
} from 'nats';
import { jetStream, refusalCode } from './nats-errors.ts';

/** Bounds of what the streams may hold. When the command queue is full, senders are told so. */
export interface StreamLimits {
  /** Commands waiting or being worked on. Default 100 000. */
  maxCommands: number;
  /** Bytes of them. Default 256 MiB. */
  maxCommandsBytes: number;
  /** Bytes of one command or reply, headers included. Default 256 KiB. */
  maxMessageBytes: number;
  /** Bytes of remembered replies; the oldest go first. Default 256 MiB. */
  maxRepliesBytes: number;
  /** Bytes of receipts; the oldest go first. Default 64 MiB, about 100 000. */
  maxReceiptsBytes: number;
  /** Copies kept by a NATS cluster. Default: as the stream has already, 1 for a new one. */
  replicas?: number;
}

export const defaultStreamLimits: StreamLimits = {
  maxCommands: 100_000,
  maxCommandsBytes: 256 * 1024 * 1024,
  maxMessageBytes: 256 * 1024,
  maxRepliesBytes: 256 * 1024 * 1024,
  maxReceiptsBytes: 64 * 1024 * 1024,
};

type Wanted = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

const streamConfigs = (limits: StreamLimits): { commands: Wanted; remembered: Wanted[] } => {
  const common = {
    storage: StorageType.File,
    max_msg_size: limits.maxMessageBytes,
    ...(limits.replicas !== undefined && { num_replicas: limits.replicas }),
  };
  const remembered = (
    name: string,
    subject: string,
    { bytes, ageMs } = { bytes: limits.maxRepliesBytes, ageMs: replyRetentionMs },
  ): Wanted => ({
    ...common,
    name,
    subjects: [subject],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: bytes,
    max_age: nanos(ageMs),
    max_msgs_per_subject: 1,
    allow_direct: true,
  });
  return {
    commands: {
      ...common,
      name: COMMANDS_STREAM,
      subjects: [subjects.allCommands],
      retention: RetentionPolicy.Workqueue,
      discard: DiscardPolicy.New,
      max_msgs: limits.maxCommands,
      max_bytes: limits.maxCommandsBytes,
      duplicate_window: nanos(replyRetentionMs),
    },
    remembered: [
      remembered(REPLIES_STREAM, subjects.allReplies),
      remembered(ATTEMPTS_STREAM, subjects.allAttempts),
      remembered(RECEIPTS_STREAM, subjects.allReceipts, {
        bytes: limits.maxReceiptsBytes,
        ageMs: receiptRetentionMs,
      }),
    ],
  };
};

/**
 * Makes the streams, or brings existing ones to this configuration. Idempotent, safe when several services do it at once.
 * @returns `born`: changes when the command stream was made anew, so that its sequence numbers mean other messages
 */
export const ensureStreams = async (
  connection: NatsConnection,
  limits: StreamLimits,
): Promise<{ born: string }> => {
  const manager = await connection.jetstreamManager({ checkAPI: false, timeout: 3000 });
  const { commands, remembered } = streamConfigs(limits);
  for (const wanted of remembered) await ensureStream(manager, wanted);
  return { born: (await ensureStream(manager, commands)).created };
};

const ensureStream = async (manager: JetStreamManager, wanted: Wanted): Promise<StreamInfo> => {
  const existing = await findStream(manager, wanted.name);
  if (existing === null) {
    try {
      return await manager.streams.add(wanted);
    } catch (error) {
      // Another service made it in between.
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

const isAsWanted = (config: StreamConfig, wanted: Wanted): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(config[name as keyof StreamConfig]) === JSON.stringify(value),
  );
