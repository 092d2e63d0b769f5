import { unknownError } from './errors.ts';
import type { EventHead } from './event-pages.ts';
import { compileDotNet } from './expression/dotnet-expression.ts';
import { UnsupportedExpression } from './expression/pattern-reader.ts';
import type { LogStore } from './log-store.ts';

/** Which events of $all a reader wants, by stream name or event type. */
export interface FilterOptions {
  readonly on: 'stream' | 'type';
  /** Wins over prefixes when not empty. */
  readonly regex: string;
  readonly prefixes: readonly string[];
}

const EPOCH_INFORMATION = '$epoch-information';
const PERSISTENT_SUBSCRIPTION_STREAM = /^\$persistentsubscription-\$all::.*-(checkpoint|parked)$/s;

/** Streams that $all never shows. */
export const isHidden = (stream: string): boolean =>
  stream === EPOCH_INFORMATION || (stream.startsWith('$p') && PERSISTENT_SUBSCRIPTION_STREAM.test(stream));

/** Most streams or types for which a filter caches whether they match. */
const MAX_VERDICTS = 10_000;

export type HeadFilter = (head: EventHead) => boolean;

/** Without a filter every event passes but those of hidden streams. */
export function createHeadFilter(log: LogStore, options: FilterOptions | undefined): HeadFilter {
  const shows = remembered((streamId: number) => !isHidden(log.streamName(streamId)));
  if (options === undefined) return (head) => shows(head.streamId);
  const matches = createMatcher(options);
  if (options.on === 'type') {
    const wanted = remembered(matches);
    return (head) => wanted(head.type) && shows(head.streamId);
  }
  const wanted = remembered((streamId: number) => matches(log.streamName(streamId)));
  return (head) => wanted(head.streamId) && shows(head.streamId);
}

function createMatcher({ regex, prefixes }: FilterOptions): (text: string) => boolean {
  if (regex === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  try {
    return compileDotNet(regex);
  } catch (error) {
    throw error instanceof UnsupportedExpression ? unknownError(error.message) : error;
  }
}

function remembered<K>(judge: (key: K) => boolean): (key: K) => boolean {
  const verdicts = new Map<K, boolean>();
  return (key) => {
    let verdict = verdicts.get(key);
    if (verdict === undefined) {
      verdict = judge(key);
      if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
      verdicts.set(key, verdict);
    }
    return verdict;
  };
}
