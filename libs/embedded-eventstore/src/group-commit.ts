import { serverNotReady, serverTooBusy } from './errors.ts';
import type { LogStore } from './log-store.ts';
import { describedStream } from './stream-metadata.ts';

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

/** Runs `write` inside a coming transaction, which it shares with writes to other streams, and resolves to its result once that is on disk. */
export type WriteInTurn = <T>(bytes: number, write: () => T) => Promise<T>;

/**
 * Collects the writes that arrive while the event loop turns once and commits them together: one transaction, one sync to disk
 * for all. No write is answered before that sync, and the writes of a group see each other's effects in the order they came.
 */
export class GroupCommit {
  readonly log: LogStore;
  readonly #limits: GroupCommitLimits;
  readonly #onCommit: CommitListener;
  #queue: QueuedWrite[] = [];
  /** By stream, with its metadata: resolves when the next write to it can be queued. Absent when nothing holds it. */
  readonly #held = new Map<string, Promise<unknown>>();
  /** Resolves when the last of {@link inTurns} has ended. */
  #turns: Promise<unknown> = Promise.resolve();
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
   */
  submit<T>(stream: string, bytes: number, write: (log: LogStore) => T): Promise<T> {
    const free = this.#held.get(describedStream(stream));
    if (free === undefined) return this.#enqueue(stream, bytes, write);
    // In an object: what comes after it waits until it is queued, not until it is on disk.
    const queued = free.then(() => ({ result: this.#enqueue(stream, bytes, write) }));
    this.#hold(stream, queued);
    return queued.then(({ result }) => result);
  }

  /**
   * Carries out work that needs several transactions, one such work after another. Writes to the stream or its metadata that are submitted
   * meanwhile come after it.
   */
  inTurns<T>(stream: string, work: (write: WriteInTurn) => Promise<T>): Promise<T> {
    const free = Promise.all([this.#held.get(describedStream(stream)), this.#turns]);
    const done = free.then(() => work((bytes, write) => this.#enqueue(stream, bytes, write)));
    this.#turns = done.catch(() => undefined);
    this.#hold(stream, this.#turns);
    return done;
  }

  #hold(stream: string, until: Promise<unknown>): void {
    const key = describedStream(stream);
    const held = until.then(() => {
      if (this.#held.get(key) === held) this.#held.delete(key);
    });
    this.#held.set(key, held);
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
