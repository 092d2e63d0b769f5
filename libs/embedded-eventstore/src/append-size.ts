import { maximumAppendSizeExceeded } from './errors.ts';
import type { ProposedEvent } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import type { GroupCommit } from './group-commit.ts';

/** Limit for the memory of the events of one append, overhead included: the limit for their content lets any number of tiny events pass. */
const MAX_APPEND_TOTAL_BYTES = 16 * 1024 * 1024;

/** Measures an append while it arrives, as version 24.10 does, and reserves memory for it. */
export class AppendSize {
  readonly #commits: GroupCommit;
  readonly #maxBytes: number;
  #countedBytes = 0;
  #reservedBytes = 0;

  constructor(commits: GroupCommit, maxBytes: number) {
    this.#commits = commits;
    this.#maxBytes = maxBytes;
  }

  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  /** @throws StatusError when the append has become too large, or too much is held already */
  add(event: ProposedEvent): void {
    const bytes = bytesOf(event);
    this.#commits.reserve(bytes);
    this.#reservedBytes += bytes;
    this.#countedBytes += event.data.length + event.metadata.length + 2 * event.type.length;
    if (this.#countedBytes > this.#maxBytes || this.#reservedBytes > MAX_APPEND_TOTAL_BYTES) {
      throw maximumAppendSizeExceeded(this.#maxBytes);
    }
  }

  /** Releases all that was reserved. */
  release(): void {
    this.#commits.release(this.#reservedBytes);
    this.#reservedBytes = 0;
  }
}
