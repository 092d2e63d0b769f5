import { serverNotReady, serverTooBusy } from './errors.ts';
import type { LogStore } from './log-store.ts';

/** Bounds of the queue of writes. */
export interface GroupCommitLimits {
  /** Writes queued beyond this many bytes are refused as "too busy". */
  readonly maxQueuedBytes: number;
  /** Approximate limit of one transaction, so that reads and keep-alives get their turn between two. */
  readonly maxGroupBytes: number;
}

interface QueuedWrite {
  readonly stream: string;
  readonly bytes: number;
  readonly run: () => void;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;
}

/** Told, after each commit, the names of the streams that were asked to change. */
export type CommitListener = (streams: readonly string[]) => void;

/**
 * Collects the writes that arrive while the event loop turns once and commits them together: one transaction, one sync to disk
 * for all. No write is answered before that sync, and the writes of a group see each other's effects in the order they came.
 */
export class GroupCommit {
  readonly log: LogStore;
  readonly #limits: GroupCommitLimits;
  readonly #onCommit: CommitListener;
  #queue: QueuedWrite[] = [];
  /** By stream: resolves when the newest write that waits for a preparation, its own or that of one before, can be queued. */
  readonly #preparing = new Map<string, Promise<unknown>>();
  #heldBytes = 0;
  #scheduled = false;
  #closed = false;

  constructor(log: LogStore, limits: GroupCommitLimits, onCommit: CommitListener) {
    this.log = log;
    this.#limits = limits;
    this.#onCommit = onCommit;
  }

  /**
   * Takes memory for a write that is still arriving; give it back by {@link release}.
   * @throws StatusError UNAVAILABLE when too much is held already
   */
  reserve(bytes: number): void {
    if (this.#heldBytes + bytes > this.#limits.maxQueuedBytes) throw serverTooBusy();
    this.#heldBytes += bytes;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /**
   * Runs `write` inside a coming transaction and resolves to its result once that is on disk. The writes to one stream keep the order in
   * which they were submitted.
   * @param bytes what the caller has reserved for it, and releases
   * @param prepared what the write has to wait for, as do those to the same stream that are submitted meanwhile
   */
  submit<T>(
    stream: string,
    bytes: number,
    write: (log: LogStore) => T,
    prepared?: Promise<void>,
  ): Promise<T> {
    const former = this.#preparing.get(stream);
    if (former === undefined && prepared === undefined) return this.#enqueue(stream, bytes, write);
    const ready = Promise.allSettled([prepared, former]);
    this.#preparing.set(stream, ready);
    return ready.then(([own]) => {
      if (this.#preparing.get(stream) === ready) this.#preparing.delete(stream);
      if (own.status === 'rejected') throw own.reason;
      return this.#enqueue(stream, bytes, write);
    });
  }

  #enqueue<T>(stream: string, bytes: number, write: (log: LogStore) => T): Promise<T> {
    if (this.#closed) return Promise.reject(serverNotReady());
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#queue.push({
        stream,
        bytes,
        run: () => {
          result = write(this.log);
        },
        succeed: () => resolve(result),
        fail: reject,
      });
      this.#schedule();
    });
  }

  /** Commits what is queued and refuses everything after. */
  close(): void {
    this.#closed = true;
    while (this.#queue.length > 0) this.#commitNext();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitNext();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #commitNext(): void {
    const group = this.#takeGroup();
    if (group.length === 0) return;
    if (this.#tryCommit(group) === undefined) return;
    // One of the writes made the transaction fail. Repeated alone, each gets a result of its own.
    for (const write of group) {
      const failure = this.#tryCommit([write]);
      if (failure !== undefined) write.fail(failure.error);
    }
  }

  #takeGroup(): QueuedWrite[] {
    let bytes = 0;
    const end = this.#queue.findIndex((write) => {
      const full = bytes > this.#limits.maxGroupBytes;
      bytes += write.bytes;
      return full;
    });
    return end < 0 ? this.#queue.splice(0) : this.#queue.splice(0, end);
  }

  /** Returns the error if the group was rolled back. */
  #tryCommit(group: readonly QueuedWrite[]): { readonly error: unknown } | undefined {
    try {
      this.log.begin();
      for (const write of group) write.run();
      this.log.commit();
    } catch (error) {
      this.log.rollback();
      return { error };
    }
    for (const write of group) write.succeed();
    this.#onCommit(group.map((write) => write.stream));
    return undefined;
  }
}
