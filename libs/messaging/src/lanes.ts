import type { CommandName } from '@alfa-cloud/contracts';
import { Semaphore } from '@alfa-cloud/service-kit';
import type { CommandHandlers } from './ports.ts';

const defaultConcurrency = 64;

/** Runs work of each command name within its own limit, in order of arrival. */
export const createLanes = (handlers: CommandHandlers) => {
  const lanes = new Map<CommandName, Semaphore>();
  const laneOf = (name: CommandName): Semaphore => {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane = new Semaphore(handlers[name]?.concurrency ?? defaultConcurrency);
    lanes.set(name, lane);
    return lane;
  };
  return {
    /** An aborted signal takes waiting work out of its lane, which rejects with the signal's reason. */
    run: <T>(name: CommandName, work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
      laneOf(name).run(work, signal),
  };
};

export type Lanes = ReturnType<typeof createLanes>;
