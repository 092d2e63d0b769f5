import { computed, type ComputedRef } from 'vue';
import type { Parameters } from '../../api/alfa.ts';
import { useAddressValue } from '../../app/address.ts';
import { dayBegins, dayEnds } from './days.ts';

/** What of a history is shown, all of it in the address. */
export const useHistoryFilters = () => {
  const filters = {
    actor: useAddressValue('actor'),
    kind: useAddressValue('kind'),
    events: useAddressValue('events'),
    from: useAddressValue('from'),
    to: useAddressValue('to'),
  };
  const { actor, kind, events, from, to } = filters;
  const parameters: ComputedRef<Parameters> = computed(() => ({
    'filter[actor]': actor.value.trim(),
    'filter[kind]': kind.value,
    'filter[events]': events.value,
    'filter[from]': dayBegins(from.value),
    'filter[to]': dayEnds(to.value),
  }));
  const isFiltered = computed(() => Object.values(filters).some(({ value }) => value !== ''));
  return { ...filters, parameters, isFiltered };
};
