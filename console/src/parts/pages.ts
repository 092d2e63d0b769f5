import type { AlfaError } from '@alfa-cloud/client';
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue';
import type { Parameters } from '../api/alfa.ts';
import { useQuestion } from '../api/questions.ts';
import { useAddressValue } from '../app/address.ts';

/** How it stands with a list of which one page is shown. */
export interface Pages {
  isPending: boolean;
  error: AlfaError | null;
  isEmpty: boolean;
  /** From 1 on. */
  number: number;
  size: number;
  /** Of all pages. */
  total: number;
  turn: (number: number) => void;
}

/** Number of the last page that has rows; 0: none has. */
const lastPage = (total: number, size: number): number => Math.ceil(total / size);

/**
 * A question of which one page is shown; its number stands in the address. See {@link useQuestion}.
 * @param size rows of a page
 * @returns the rows, whether they are still those of the question before, and the rest for `PagedList`
 */
export const usePages = <Row>(
  path: MaybeRefOrGetter<string>,
  parameters: MaybeRefOrGetter<Parameters>,
  { size, ...options }: { size: number; refreshMs?: number },
) => {
  const page = useAddressValue('page', { resetsPage: false });
  const number = computed(() => Math.max(1, Math.trunc(Number(page.value)) || 1));
  const { data, error, isPending, isPlaceholderData } = useQuestion<Row[]>(
    path,
    () => ({ ...toValue(parameters), 'page[number]': number.value, 'page[size]': size }),
    options,
  );
  const rows = computed(() => data.value?.data ?? []);
  const total = computed(() => Number(data.value?.meta['total'] ?? 0));
  const turn = (to: number) => {
    page.value = to === 1 ? '' : String(to);
  };
  // The last row of the last page has gone: the page before it is shown instead of nothing.
  watch([rows, total, number, isPlaceholderData], () => {
    const last = lastPage(total.value, size);
    if (!isPlaceholderData.value && rows.value.length === 0 && last > 0 && number.value > last) turn(last);
  });
  const pages = computed((): Pages => ({
    isPending: isPending.value,
    error: error.value,
    isEmpty: rows.value.length === 0,
    number: number.value,
    size,
    total: total.value,
    turn,
  }));
  return { rows, isOld: isPlaceholderData, pages };
};
