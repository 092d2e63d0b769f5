import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import { ApiError } from '../api/api-error.ts';
import type { StreamEvent } from '../api/event-stream.ts';
import { follow } from '../api/follow.ts';

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
 * @param path of the stream; null: none is to be followed now
 * @param linesOf what an event adds to the log; other uses of it may be made there too
 */
export const useLogLines = (
  path: MaybeRefOrGetter<string | null>,
  linesOf: (event: StreamEvent) => readonly LogLine[],
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
  const begin = (address: string, signal: AbortSignal) => {
    const onEvents = (events: readonly StreamEvent[]) => {
      arrived.push(...events.flatMap(linesOf));
      if (timer === 0) timer = window.setTimeout(show, showEveryMs);
    };
    const onOpen = (isOpen: boolean) => {
      state.value = isOpen ? 'live' : 'waiting';
    };
    follow(address, { onEvents, onOpen }, signal).then(
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
    () => toValue(path),
    (address) => {
      leaving.abort();
      leaving = new AbortController();
      clearTimeout(timer);
      timer = 0;
      arrived = [];
      lines.value = [];
      dropped.value = 0;
      state.value = 'opening';
      error.value = null;
      if (address !== null) begin(address, leaving.signal);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    leaving.abort();
    clearTimeout(timer);
  });
  return { lines, dropped, state, error };
};
