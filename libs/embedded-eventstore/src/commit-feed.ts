import { describedStream } from './stream-metadata.ts';

/**
 * Wakes subscriptions when something was committed that may concern them. It carries no events: a subscription that is woken reads
 * on from its own place in the log, so a slow one costs no memory and can miss nothing.
 */
export class CommitFeed {
  readonly #waitingForAll = new Set<() => void>();
  readonly #waitingForStream = new Map<string, Set<() => void>>();

  readonly committed = (streams: readonly string[]): void => {
    wake(this.#waitingForAll);
    if (this.#waitingForStream.size === 0) return;
    for (const stream of streams) {
      const key = describedStream(stream);
      const waiting = this.#waitingForStream.get(key);
      if (waiting === undefined) continue;
      this.#waitingForStream.delete(key);
      wake(waiting);
    }
  };

  /** Resolves at the next commit, or at once when the signal is aborted. */
  nextCommit(signal: AbortSignal): Promise<void> {
    return waitIn(this.#waitingForAll, signal);
  }

  /** Resolves at the next commit that touches the stream or its metadata, or at once when the signal is aborted. */
  nextCommitTo(stream: string, signal: AbortSignal): Promise<void> {
    const key = describedStream(stream);
    const waiting = this.#waitingForStream.get(key) ?? new Set();
    this.#waitingForStream.set(key, waiting);
    return waitIn(waiting, signal, () => {
      if (waiting.size === 0 && this.#waitingForStream.get(key) === waiting)
        this.#waitingForStream.delete(key);
    });
  }
}

function wake(waiting: Set<() => void>): void {
  const all = [...waiting];
  waiting.clear();
  for (const resume of all) resume();
}

function waitIn(waiting: Set<() => void>, signal: AbortSignal, onLeave?: () => void): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const resume = (): void => {
      waiting.delete(resume);
      signal.removeEventListener('abort', resume);
      onLeave?.();
      resolve();
    };
    waiting.add(resume);
    signal.addEventListener('abort', resume);
  });
}
