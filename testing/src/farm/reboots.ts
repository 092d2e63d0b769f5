import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ends with the reboot that is under way. */
export interface ObeyedReboots extends AsyncDisposable {
  /** How often it was rebooted. */
  readonly count: number;
}

export interface RebootOptions {
  whileOff?: () => Promise<unknown>;
  /** Default false. */
  staysOff?: boolean;
}

const lookMs = 50;

export const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Reboots a server whenever that is wanted, until it is disposed of; then a failure of a reboot is thrown. */
export function obeyReboots(server: {
  isWanted: () => Promise<boolean>;
  reboot: () => Promise<void>;
}): ObeyedReboots {
  let count = 0;
  const over = new AbortController();
  const watch = async () => {
    while (!over.signal.aborted) {
      if (await server.isWanted()) {
        count += 1;
        await server.reboot();
      }
      await sleep(lookMs);
    }
  };
  const watching = watch();
  // It is thrown when somebody waits for it.
  watching.catch(() => {});
  return {
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}
