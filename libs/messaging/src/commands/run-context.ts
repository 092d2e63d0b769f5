import { errorName, type Logger } from '@alfa-cloud/service-kit';
import type { AttemptCounts } from './attempt-counts.ts';
import type { CommandServerOptions } from './command-ports.ts';
import type { ConcurrencyLimits } from './concurrency-limits.ts';
import type { SuspectQueue } from './crash-suspects.ts';
import type { Receipts } from './receipts.ts';
import type { Replies } from './replies.ts';

/** What the run of any command needs. */
export interface RunContext {
  options: CommandServerOptions;
  maxAttempts: number;
  limits: ConcurrencyLimits;
  suspects: SuspectQueue;
  replies: Replies;
  receipts: Receipts;
  attempts: AttemptCounts;
  logger: Logger;
  /** Aborted, with a HandedBack as its reason, when the service stops. */
  stopping: AbortSignal;
}

/** Pause before attempt `attempt + 1`: 1 s, doubled up to 30 s. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(30_000, 1000 * 2 ** Math.min(attempt - 1, 10));

/** Whether an engine is unavailable; see {@link CommandServerOptions.isOutage}. */
export const isOutage = (context: RunContext, error: unknown): boolean =>
  context.options.isOutage?.(error) ??
  ['MessagingUnavailable', 'EventStoreUnavailable'].includes(errorName(error) ?? '');
