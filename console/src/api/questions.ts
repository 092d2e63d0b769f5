import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { language } from '../words/language.ts';
import type { ApiError } from './api-error.ts';
import { send, type Answer, type Parameters } from './request.ts';

/** How often a list that is looked at is asked for anew. */
const refreshMs = 5000;

/** In ms; false: never. A function tells it from what was answered last. */
type Refresh<Data> = number | false | ((answer: Answer<Data> | undefined) => number | false);

/**
 * A question to the API that a screen keeps asking while it is looked at. While a new page or filter of the same path is on its way the rows of before stay.
 * @param path null while it is not known yet what to ask
 */
export const useQuestion = <Data>(
  path: MaybeRefOrGetter<string | null>,
  parameters: MaybeRefOrGetter<Parameters> = {},
  options: { refreshMs?: Refresh<Data> } = {},
): UseQueryReturnType<Answer<Data>, ApiError> =>
  useQuery<Answer<Data>, ApiError>({
    queryKey: computed(() => [toValue(path), toValue(parameters), language.value]),
    queryFn: ({ signal }) => send<Data>(toValue(path) ?? '', { parameters: toValue(parameters), signal }),
    enabled: computed(() => toValue(path) !== null),
    // Of another path they would be those of another client or server.
    placeholderData: (before, query) => (query?.queryKey[0] === toValue(path) ? before : undefined),
    refetchInterval: ({ state }) => {
      const { refreshMs: every = refreshMs } = options;
      return typeof every === 'function' ? every(state.data) : every;
    },
  });
