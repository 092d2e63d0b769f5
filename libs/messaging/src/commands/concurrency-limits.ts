import type { CommandName } from '@alfa-cloud/contracts';
import { Semaphore } from '@alfa-cloud/service-kit';
import type { CommandHandlers } from './command-ports.ts';

const defaultConcurrency = 64;

/** Runs work within the concurrency limit of its command name, in order of arrival. */
export const createConcurrencyLimits = (handlers: CommandHandlers) => {
  const limits = new Map<CommandName, Semaphore>();
  const limitOf = (name: CommandName): Semaphore => {
    const known = limits.get(name);
    if (known !== undefined) return known;
    const limit = new Semaphore(handlers[name]?.concurrency ?? defaultConcurrency);
    limits.set(name, limit);
    return limit;
  };
  return {
    /** When the signal is aborted, work that has not begun rejects with the signal's reason. */
    run: <T>(name: CommandName, work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
      limitOf(name).run(work, signal),
  };
};

export type ConcurrencyLimits = ReturnType<typeof createConcurrencyLimits>;
