import type { EventHead } from './event-pages.ts';
import type { EventRecord } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import type { FilterOptions, HeadFilter } from './filter.ts';
import { createHeadFilter } from './filter.ts';
import type { LogStore } from './log-store.ts';
import { PAGE, SCAN_HEADS } from './read-page.ts';

/** A place in the log that a read has examined, with its event if that passes the filter. */
export interface Considered {
  /** Everything up to and including this place has been examined. */
  readonly at: number;
  readonly event?: EventRecord;
}

/** Reads stretches of the log through a filter. */
export interface AllPages {
  /** From a position on, none when there is nothing up to `to`. */
  forward(from: number, to: number): readonly Considered[];
  /** From a position back to the first event. */
  backward(from: number): readonly Considered[];
}

/** Without a filter whole events are read at once; with one their heads first, so that what is filtered away costs little. */
export function allPages(log: LogStore, filter: FilterOptions | undefined): AllPages {
  const { pages } = log;
  const passes = createHeadFilter(log, filter);
  if (filter === undefined) {
    const considered = (event: EventRecord): Considered =>
      passes(event) ? { at: event.position, event } : { at: event.position };
    return {
      forward: (from, to) => pages.allForward(from, to, PAGE).map(considered),
      backward: (from) => pages.allBackward(from, 1, PAGE).map(considered),
    };
  }
  return {
    forward: (from, to) =>
      load(
        log,
        (done) => pages.headsForward(done === undefined ? from : done + 1, to, HEADS),
        passes,
        'forward',
      ),
    backward: (from) =>
      load(
        log,
        (done) => pages.headsBackward(done === undefined ? from : done - 1, 1, HEADS),
        passes,
        'backward',
      ),
  };
}

type Direction = 'forward' | 'backward';
/** Heads read at once: no more than a page can hold, since most filters let most events pass. */
const HEADS = PAGE.events;

/**
 * Loads the events that pass, neighbours in one query, until a page is full or {@link SCAN_HEADS} heads have been examined.
 * @param headsAfter the heads after the last one examined
 */
function load(
  log: LogStore,
  headsAfter: (done: number | undefined) => readonly EventHead[],
  passes: HeadFilter,
  direction: Direction,
): readonly Considered[] {
  const considered: Considered[] = [];
  let events = 0;
  let bytes = 0;
  const isFull = (): boolean => events >= PAGE.events || bytes >= PAGE.bytes;
  const take = (heads: readonly EventHead[]): void => {
    for (let index = 0; index < heads.length && !isFull();) {
      const head = heads[index] as EventHead;
      const run = runOf(heads, passes, index, PAGE.events - events);
      if (run === 0) {
        considered.push({ at: head.position });
        index += 1;
        continue;
      }
      const last = heads[index + run - 1] as EventHead;
      const loaded = loadRun(log, head, last, { events: run, bytes: PAGE.bytes - bytes }, direction);
      for (const event of loaded) {
        considered.push({ at: event.position, event });
        bytes += bytesOf(event);
      }
      events += loaded.length;
      index += loaded.length;
    }
  };
  for (let looked = 0; looked < SCAN_HEADS && !isFull(); looked += HEADS) {
    const heads = headsAfter(considered.at(-1)?.at);
    take(heads);
    if (heads.length < HEADS) break;
  }
  return considered;
}

/** How many heads in a row pass. */
function runOf(heads: readonly EventHead[], passes: HeadFilter, from: number, most: number): number {
  let length = 0;
  while (length < most) {
    const head = heads[from + length];
    if (head === undefined || !passes(head)) break;
    length += 1;
  }
  return length;
}

/** A run of heads has no other event between its positions. */
function loadRun(
  { pages }: LogStore,
  first: EventHead,
  last: EventHead,
  size: { events: number; bytes: number },
  direction: Direction,
): EventRecord[] {
  return direction === 'forward'
    ? pages.allForward(first.position, last.position, size)
    : pages.allBackward(first.position, last.position, size);
}
