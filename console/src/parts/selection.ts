import { shallowRef, type ShallowRef } from 'vue';

/** Rows that were chosen, over all pages that were looked at. */
export const useSelection = () => {
  // A set that Vue has wrapped has no unions.
  const selected: ShallowRef<ReadonlySet<string>> = shallowRef(new Set<string>());
  const select = (ids: readonly string[], isChosen: boolean) => {
    const of = new Set(ids);
    selected.value = isChosen ? selected.value.union(of) : selected.value.difference(of);
  };
  const clear = () => {
    selected.value = new Set();
  };
  return { selected, select, clear };
};
