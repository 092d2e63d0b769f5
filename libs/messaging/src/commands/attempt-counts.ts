import { ATTEMPTS_STREAM, subjects } from '@alfa-cloud/contracts';
import { retry } from '@alfa-cloud/service-kit';
import { readLast, storeLast } from '../connection/last-message.ts';
import type { Link } from '../connection/link.ts';

/**
 * Durable count of the runs of a command.
 * JetStream counts deliveries, which also grow when a command is handed back, or waits in a process that another command kills. By that
 * count innocent commands would become poison.
 * The first run is not stored, so the count is one short, and a command that succeeds costs nothing.
 */
export interface AttemptCounts {
  /** Stored runs. */
  count(commandId: string): Promise<number>;
  store(commandId: string, runs: number): Promise<void>;
}

const deadlineMs = 10_000;

export const createAttemptCounts = (link: Link): AttemptCounts => ({
  async count(commandId) {
    const value = await retry(
      async () => {
        await link.ready(deadlineMs);
        return await readLast(link, ATTEMPTS_STREAM, subjects.attempts(commandId));
      },
      { deadlineMs },
    );
    return typeof value === 'number' ? value : 0;
  },
  store: (commandId, runs) =>
    retry(
      async () => {
        await link.ready(deadlineMs);
        await storeLast(link, subjects.attempts(commandId), runs, { first: false });
      },
      { deadlineMs },
    ),
});
