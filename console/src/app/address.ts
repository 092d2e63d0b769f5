import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/**
 * A value that stands in the address, so that a screen can be sent to somebody, kept as a bookmark, and left and found again.
 * @param resetsPage whether another value begins with the first page; default true
 */
export const useAddressValue = (name: string, { resetsPage = true } = {}): WritableComputedRef<string> => {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const value = route.query[name];
      return typeof value === 'string' ? value : '';
    },
    set: (value) => {
      const { [name]: _former, ...others } = route.query;
      const { page: _page, ...withoutPage } = others;
      const kept = resetsPage ? withoutPage : others;
      void router.replace({ query: value === '' ? kept : { ...kept, [name]: value } });
    },
  });
};
