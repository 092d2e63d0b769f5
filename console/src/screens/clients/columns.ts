import { computed, type ComputedRef } from 'vue';
import { useAddressValue } from '../../app/address.ts';
import type { Column } from '../../parts/column.ts';
import { words } from './words.ts';

const all = [
  'name',
  'state',
  'server',
  'expireDate',
  'image',
  'users',
  'backup',
  'created',
  'email',
  'cloud',
] as const;
export type ColumnKey = (typeof all)[number];
const usual: readonly ColumnKey[] = ['name', 'state', 'server', 'expireDate', 'image', 'users', 'cloud'];
const sorts: Partial<Record<ColumnKey, string>> = {
  name: 'name',
  expireDate: 'expireDate',
  created: 'createdAt',
  state: 'status',
};

/** The columns that are shown; in the address once they are not the usual ones. */
export const useColumns = () => {
  const address = useAddressValue('columns', { resetsPage: false });
  const shown = computed(() => {
    const keys = new Set<string>(address.value === '' ? usual : address.value.split(','));
    return all.filter((key) => key === 'name' || keys.has(key));
  });
  const columns: ComputedRef<readonly Column[]> = computed(() =>
    shown.value.map((key) => {
      const sort = sorts[key];
      return {
        key,
        title: words.value.names[key],
        ...(sort !== undefined && { sort }),
        ...(key === 'name' && { isMain: true }),
        ...(key === 'users' && { align: 'end' as const }),
      };
    }),
  );
  const toggle = (key: ColumnKey) => {
    const next = shown.value.includes(key)
      ? shown.value.filter((one) => one !== key)
      : all.filter((one) => one === key || shown.value.includes(one));
    address.value = next.join(',') === usual.join(',') ? '' : next.join(',');
  };
  return { columns, shown, choices: all.filter((key) => key !== 'name'), toggle };
};
