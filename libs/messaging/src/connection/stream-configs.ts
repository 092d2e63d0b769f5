import {
  ATTEMPTS_STREAM,
  COMMANDS_STREAM,
  receiptRetentionMs,
  RECEIPTS_STREAM,
  REPLIES_STREAM,
  replyRetentionMs,
  subjects,
} from '@alfa-cloud/contracts';
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

/** Bounds of what the streams may hold. A command that finds the queue full is refused to its sender. */
export interface StreamLimits {
  /** Commands waiting or in progress. Default 100 000. */
  maxCommands: number;
  /** Bytes of them. Default 256 MiB. */
  maxCommandsBytes: number;
  /** Bytes of one command or reply, headers included. Default 256 KiB. */
  maxMessageBytes: number;
  /** Bytes of stored replies; the oldest are dropped first. Default 256 MiB. */
  maxRepliesBytes: number;
  /** Bytes of receipts; the oldest are dropped first. Default 64 MiB, about 100 000. */
  maxReceiptsBytes: number;
  /** Copies kept by a NATS cluster. Default: unchanged for an existing stream, 1 for a new one. */
  replicas?: number;
}

export const defaultStreamLimits: StreamLimits = {
  maxCommands: 100_000,
  maxCommandsBytes: 256 * 1024 * 1024,
  maxMessageBytes: 256 * 1024,
  maxRepliesBytes: 256 * 1024 * 1024,
  maxReceiptsBytes: 64 * 1024 * 1024,
};

export type WantedStream = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

/** The work queue of commands, and the streams that keep the newest message of each subject for a time. */
export const streamConfigs = (
  limits: StreamLimits,
): { commands: WantedStream; lastMessages: WantedStream[] } => {
  const common = {
    storage: StorageType.File,
    max_msg_size: limits.maxMessageBytes,
    ...(limits.replicas !== undefined && { num_replicas: limits.replicas }),
  };
  const lastMessages = (
    name: string,
    subject: string,
    { bytes, ageMs } = { bytes: limits.maxRepliesBytes, ageMs: replyRetentionMs },
  ): WantedStream => ({
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
    lastMessages: [
      lastMessages(REPLIES_STREAM, subjects.allReplies),
      lastMessages(ATTEMPTS_STREAM, subjects.allAttempts),
      lastMessages(RECEIPTS_STREAM, subjects.allReceipts, {
        bytes: limits.maxReceiptsBytes,
        ageMs: receiptRetentionMs,
      }),
    ],
  };
};
