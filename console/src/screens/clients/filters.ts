import { computed, type ComputedRef } from 'vue';
import { useAddressValue } from '../../app/address.ts';
import type { Parameters } from '../../api/alfa.ts';

const dayMs = 86_400_000;

/** The day before which those expire that expire within so many days, today included. */
const dayAfter = (days: number): string =>
  new Date(Date.now() + (days === 0 ? 0 : days + 1) * dayMs).toISOString().slice(0, 10);

/** What the list of clients shows, all of it in the address. */
export const useClientFilters = () => {
  const search = useAddressValue('q');
  const status = useAddressValue('status');
  const server = useAddressValue('server');
  const available = useAddressValue('available');
  const expires = useAddressValue('expires');
  const image = useAddressValue('image');
  const outdated = useAddressValue('outdated');
  const sort = useAddressValue('sort');
  const filters = { search, status, server, available, expires, image, outdated };
  const parameters: ComputedRef<Parameters> = computed(() => ({
    'filter[search]': search.value.trim(),
    'filter[status]': status.value,
    'filter[serverId]': server.value,
    'filter[available]': available.value,
    'filter[image]': image.value,
    'filter[imageOutdated]': outdated.value,
    'filter[expiresBefore]': expires.value === '' ? '' : dayAfter(Number(expires.value)),
    sort: sort.value === '' ? 'name' : sort.value,
    include: 'server',
    'fields[servers]': 'name',
  }));
  const isFiltered = computed(() => Object.values(filters).some(({ value }) => value !== ''));
  return { ...filters, sort, parameters, isFiltered };
};
