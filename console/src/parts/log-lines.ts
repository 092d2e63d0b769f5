import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { Client } from '@alfa-cloud/client/types';
import { follow } from '../api/alfa.ts';
import { ApiError } from '../api/api-error.ts';

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

/** Older lines are given up so that a log that never ends does not fill the memory. */
const linesMax = 20_000;
const showEveryMs = 120;

/**
 * A log that is followed while its screen is there.
 * @param id whose log it is; null: none is to be followed now
 * @param eventsOf follows it
 * @param linesOf what an event adds to the log; other uses of it may be made there too
 */
export const useLogLines = <Event extends { name: string }>(
  id: MaybeRefOrGetter<string | null>,
  eventsOf: (client: Client, id: string, signal: AbortSignal) => AsyncIterable<Event>,
  linesOf: (event: Event) => readonly LogLine[],
) => {
  const lines = shallowRef<readonly LogLine[]>([]);
  /** How many of the oldest lines were given up. */
  const dropped = ref(0);
  const state: Ref<LogState> = ref('opening');
  const error: Ref<ApiError | null> = ref(null);
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
  const begin = (of: string, signal: AbortSignal) => {
    const onEvent = (event: Event) => {
      state.value = event.name === 'away' ? 'waiting' : 'live';
      arrived.push(...linesOf(event));
      if (timer === 0 && arrived.length > 0) timer = window.setTimeout(show, showEveryMs);
    };
    follow((client) => eventsOf(client, of, signal), onEvent, signal).then(
      () => {
        if (!signal.aborted) state.value = 'ended';
      },
      (fault: unknown) => {
        state.value = 'refused';
        error.value = fault instanceof ApiError ? fault : null;
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
      if (of !== null) begin(of, leaving.signal);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    leaving.abort();
    clearTimeout(timer);
  });
  return { lines, dropped, state, error };
};
