import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import { AlfaError, type Client } from '@alfa-cloud/client';
import { follow } from '../api/alfa.ts';
import { isRefusedOnTheWay } from '../api/faults.ts';

/** A line of a log as it is shown. */
export interface LogLine {
  /** Of this line alone in its log. */
  id: string;
  at: string;
  text: string;
  level: 'info' | 'warning' | 'error' | 'output';
}

/** `waiting`: cut off, it comes back by itself. */
export type LogState = 'opening' | 'live' | 'waiting' | 'ended' | 'refused';

const isOver = (state: LogState): boolean => state === 'ended' || state === 'refused';

/** Older lines are given up so that a log that never ends does not fill the memory. */
const linesMax = 20_000;
const showEveryMs = 120;
const hiddenMaxMs = 60_000;
const refusedPauseMs = 30_000;

/**
 * A log that is followed while its screen is there. A page that has been hidden for a minute lets it go, since a browser has few connections for all its
 * tabs, and goes on behind what came last once it is shown. A page that is hidden when the log would begin, as a tab opened in the background is, asks for
 * nothing until then.
 * @param id whose log it is; null: none is to be followed now
 * @param eventsOf follows it, behind a cursor of one of its events or from its beginning
 * @param linesOf what an event adds to the log; other uses of it may be made there too
 */
export const useLogLines = <Event extends { name: string; cursor: string | null }>(
  id: MaybeRefOrGetter<string | null>,
  eventsOf: (
    client: Client,
    id: string,
    from: { after?: string; signal: AbortSignal },
  ) => AsyncIterable<Event>,
  linesOf: (event: Event) => readonly LogLine[],
) => {
  const lines = shallowRef<readonly LogLine[]>([]);
  /** How many of the oldest lines were given up. */
  const dropped = ref(0);
  const state: Ref<LogState> = ref('opening');
  const error: Ref<AlfaError | null> = ref(null);
  let arrived: LogLine[] = [];
  let timer = 0;
  const show = () => {
    timer = 0;
    const all = [...lines.value, ...arrived];
    arrived = [];
    const over = Math.max(0, all.length - linesMax);
    dropped.value += over;
    lines.value = over === 0 ? all : all.slice(over);
  };
  let cursor: string | null = null;
  const begin = (of: string, signal: AbortSignal) => {
    const onEvent = (event: Event) => {
      // Empty: nothing was written before it.
      cursor = event.cursor || cursor;
      state.value = event.name === 'away' ? 'waiting' : 'live';
      arrived.push(...linesOf(event));
      if (timer === 0 && arrived.length > 0) timer = window.setTimeout(show, showEveryMs);
    };
    const from = cursor === null ? { signal } : { signal, after: cursor };
    follow((client) => eventsOf(client, of, from), onEvent, signal).then(
      () => {
        if (!signal.aborted) state.value = 'ended';
      },
      (fault: unknown) => {
        if (fault instanceof AlfaError && isRefusedOnTheWay(fault)) {
          // As a sign-in to a proxy that has run out, it may be mended in another tab.
          state.value = 'waiting';
          const again = window.setTimeout(() => begin(of, signal), refusedPauseMs);
          signal.addEventListener('abort', () => clearTimeout(again), { once: true });
          return;
        }
        state.value = 'refused';
        error.value = fault instanceof AlfaError ? fault : null;
      },
    );
  };
  let leaving = new AbortController();
  watch(
    () => toValue(id),
    (of) => {
      leaving.abort();
      leaving = new AbortController();
      clearTimeout(timer);
      timer = 0;
      arrived = [];
      lines.value = [];
      dropped.value = 0;
      state.value = 'opening';
      error.value = null;
      cursor = null;
      if (document.visibilityState === 'hidden') leaving.abort();
      else if (of !== null) begin(of, leaving.signal);
    },
    { immediate: true },
  );
  let hiddenTimer = 0;
  const onVisibility = () => {
    clearTimeout(hiddenTimer);
    const of = toValue(id);
    if (document.visibilityState === 'hidden') {
      hiddenTimer = window.setTimeout(() => leaving.abort(), hiddenMaxMs);
    } else if (leaving.signal.aborted && of !== null && !isOver(state.value)) {
      state.value = cursor === null ? 'opening' : 'waiting';
      leaving = new AbortController();
      begin(of, leaving.signal);
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(hiddenTimer);
    leaving.abort();
    clearTimeout(timer);
  });
  return { lines, dropped, state, error };
};
