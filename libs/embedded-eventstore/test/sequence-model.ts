/** The rules of streams in memory, written from the facts in ../README.md and by nothing of the server: what a sequence of calls has to answer. */

export type Expected = 'any' | 'no_stream' | 'stream_exists' | number;

/** What a caller learns from a call. */
export type Answer =
  | { readonly revision: number }
  | { readonly events: readonly number[] }
  | { readonly metadata: Metadata }
  | { readonly failed: 'wrong-expected-version' | 'stream-deleted' | 'stream-not-found' };

export interface Metadata {
  readonly maxCount?: number;
  /** `deleted` stands for 2^63-1. */
  readonly truncateBefore?: number | 'deleted';
}

export interface Logged {
  readonly stream: string;
  readonly revision: number | 'tombstone';
}

interface Stream {
  readonly ids: string[];
  readonly metadata: Metadata[];
  tombstoned: boolean;
}

const WRONG: Answer = { failed: 'wrong-expected-version' };
const DELETED: Answer = { failed: 'stream-deleted' };

export class SequenceModel {
  readonly log: Logged[] = [];
  readonly #streams = new Map<string, Stream>();

  /** Ids of the events in a stream, by revision. */
  idsOf(name: string): readonly string[] {
    return this.#stream(name).ids;
  }

  append(name: string, expected: Expected, ids: readonly string[]): Answer {
    const stream = this.#stream(name);
    const refused = this.#refusal(stream, expected);
    if (refused !== undefined) return refused;
    const written = this.#writtenBefore(stream, expected, ids);
    if (written === 'other') return WRONG;
    if (written !== undefined) return { revision: written };
    const before = stream.ids.length;
    for (const id of ids) {
      this.log.push({ stream: name, revision: stream.ids.length });
      stream.ids.push(id);
    }
    this.#revive(name, stream, before);
    return { revision: stream.ids.length - 1 };
  }

  setMetadata(name: string, metadata: Metadata): Answer {
    const stream = this.#stream(name);
    if (stream.tombstoned) return DELETED;
    const wasDeleted = isDeleted(stream);
    this.#addMetadata(name, stream, metadata);
    const revision = stream.metadata.length - 1;
    if (wasDeleted) this.#addMetadata(name, stream, { ...metadata, truncateBefore: stream.ids.length });
    return { revision };
  }

  delete(name: string, expected: Expected): Answer {
    const stream = this.#stream(name);
    const refused = this.#refusalOfRemoval(stream, expected);
    if (refused !== undefined) return refused;
    if (stream.ids.length === 0 && stream.metadata.length === 0) return WRONG;
    this.#addMetadata(name, stream, { truncateBefore: 'deleted' });
    return { revision: -1 };
  }

  tombstone(name: string, expected: Expected): Answer {
    const stream = this.#stream(name);
    const refused = this.#refusalOfRemoval(stream, expected);
    if (refused !== undefined) return refused;
    stream.tombstoned = true;
    this.log.push({ stream: name, revision: 'tombstone' });
    return { revision: -1 };
  }

  read(name: string, backwards: boolean, from: number | 'start' | 'end', count: number): Answer {
    const stream = this.#stream(name);
    if (stream.tombstoned) return DELETED;
    const last = stream.ids.length - 1;
    if (last < 0 || isDeleted(stream)) return { failed: 'stream-not-found' };
    const { maxCount = Infinity, truncateBefore = 0 } = stream.metadata.at(-1) ?? {};
    const oldest = Math.max(0, last - maxCount + 1, Number(truncateBefore));
    const readable = [...stream.ids.keys()].filter((revision) => revision >= oldest);
    if (backwards) readable.reverse();
    const place = from === 'start' ? 0 : from === 'end' ? last : from;
    const wanted = readable.filter((revision) => (backwards ? revision <= place : revision >= place));
    return { events: wanted.slice(0, count) };
  }

  readMetadata(name: string): Answer {
    const stream = this.#stream(name);
    return stream.tombstoned ? DELETED : { metadata: stream.metadata.at(-1) ?? {} };
  }

  #stream(name: string): Stream {
    const stream = this.#streams.get(name) ?? { ids: [], metadata: [], tombstoned: false };
    this.#streams.set(name, stream);
    return stream;
  }

  #refusal(stream: Stream, expected: Expected): Answer | undefined {
    if (stream.tombstoned) return DELETED;
    if (expected !== 'stream_exists') return undefined;
    if (isDeleted(stream)) return DELETED;
    return stream.ids.length === 0 && stream.metadata.length === 0 ? WRONG : undefined;
  }

  /** The revision that a repeated append had; `other` when something else stands there. */
  #writtenBefore(stream: Stream, expected: Expected, ids: readonly string[]): number | 'other' | undefined {
    if (expected === 'any' || expected === 'stream_exists') {
      if (!stream.ids.includes(ids[0] ?? '')) return undefined;
      return ids.every((id) => stream.ids.includes(id)) ? stream.ids.indexOf(ids.at(-1) ?? '') : 'other';
    }
    const from = expected === 'no_stream' ? 0 : expected + 1;
    if (from === stream.ids.length) return undefined;
    if (from > stream.ids.length) return 'other';
    if (ids.every((id, index) => stream.ids[from + index] === id)) return from + ids.length - 1;
    const isAnew = expected === 'no_stream' && isDeleted(stream) && stream.ids[0] !== ids[0];
    return isAnew ? undefined : 'other';
  }

  #refusalOfRemoval(stream: Stream, expected: Expected): Answer | undefined {
    const refused = this.#refusal(stream, expected);
    if (refused !== undefined || expected === 'any' || expected === 'stream_exists') return refused;
    if (expected === 'no_stream') return stream.ids.length === 0 || isDeleted(stream) ? undefined : WRONG;
    return expected === stream.ids.length - 1 ? undefined : WRONG;
  }

  #revive(name: string, stream: Stream, before: number): void {
    if (!isDeleted(stream)) return;
    this.#addMetadata(name, stream, { ...stream.metadata.at(-1), truncateBefore: before });
  }

  #addMetadata(name: string, stream: Stream, metadata: Metadata): void {
    this.log.push({ stream: `$$${name}`, revision: stream.metadata.length });
    stream.metadata.push(metadata);
  }
}

const isDeleted = (stream: Stream): boolean => stream.metadata.at(-1)?.truncateBefore === 'deleted';
