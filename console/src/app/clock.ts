import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** The present as milliseconds, moved on every second; for ages and countdowns on a screen. */
export const useNow = (everyMs = 1000): Readonly<Ref<number>> => {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, everyMs);
  onScopeDispose(() => clearInterval(timer));
  return readonly(now);
};
