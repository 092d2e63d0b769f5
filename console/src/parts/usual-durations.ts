import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import type { OperationKind } from '@alfa-cloud/contracts';
import { useQuestion } from '../api/questions.ts';
import type { OperationResource } from '../api/resources.ts';
import { usualDurations } from './step-times.ts';

const comparedWith = 10;

/** How long each step of such operations usually takes, ms, by those that went well last. */
export const useUsualDurations = (
  kind: MaybeRefOrGetter<OperationKind | null>,
): ComputedRef<ReadonlyMap<string, number>> => {
  const { data } = useQuestion<OperationResource[]>(
    () => (toValue(kind) === null ? null : '/operations'),
    () => ({
      'filter[kind]': toValue(kind) ?? '',
      'filter[status]': 'ok',
      'page[size]': comparedWith,
    }),
    { refreshMs: false },
  );
  return computed(() => usualDurations(data.value?.data.map(({ steps }) => steps) ?? []));
};
