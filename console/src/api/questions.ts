import type { AlfaError, Answer } from '@alfa-cloud/client';
import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { language } from '../words/language.ts';
import { send, type Parameters } from './alfa.ts';
import { isFeedLive } from './contact.ts';
import { leftMs } from './left-ms.ts';

/** How often what is looked at is asked for anew: the feed tells what changes, but not what only time makes other (a health that nobody has looked at). */
const refreshMs = { live: 60_000, away: 5000 };

/** For what the feed does not tell of: what is measured while it is asked, webhooks and what went to them, the repository. */
export const untoldMs = refreshMs.away;

/** In ms; false: never; undefined: as the feed tells. A function tells it from what was answered last. */
type Refresh<Data> = number | false | ((answer: Answer<Data> | undefined) => number | false | undefined);

/**
 * A question to the API that a screen keeps asking while it is looked at. While a new page or filter of the same path is on its way the rows of before stay.
 * @param path null while it is not known yet what to ask
 */
export const useQuestion = <Data>(
  path: MaybeRefOrGetter<string | null>,
  parameters: MaybeRefOrGetter<Parameters> = {},
  options: { refreshMs?: Refresh<Data> } = {},
): UseQueryReturnType<Answer<Data>, AlfaError> =>
  useQuery<Answer<Data>, AlfaError>(
    computed(() => {
      const { refreshMs: every } = options;
      const usualMs = isFeedLive.value ? refreshMs.live : refreshMs.away;
      return {
        queryKey: [toValue(path), toValue(parameters), language.value],
        queryFn: ({ signal }) =>
          send<Data>('GET', toValue(path) ?? '', { parameters: toValue(parameters), signal }),
        enabled: toValue(path) !== null,
        // What was answered is never changed in place: watching each member of each row would cost as much as showing it.
        shallow: true,
        // Of another path they would be those of another client or server.
        placeholderData: (before, query) => (query?.queryKey[0] === toValue(path) ? before : undefined),
        refetchInterval: ({ state }) => {
          const wantedMs = (typeof every === 'function' ? every(state.data) : every) ?? usualMs;
          if (wantedMs === false) return false;
          // What could not be read is not left so until something changes.
          return leftMs(state.status === 'error' ? Math.min(wantedMs, refreshMs.away) : wantedMs, state);
        },
        meta: { isOnce: every === false },
      };
    }),
  );
