import { ref, shallowRef } from 'vue';

/** Whether the live feed tells what changes; without it everything is asked for again and again. */
export const isFeedLive = ref(false);

/** When the newest question was answered that was asked last, as milliseconds of the clock. */
export const newestAnswer = shallowRef<{ askedAt: number; at: number } | null>(null);

export const noteAnswer = (askedAt: number): void => {
  if (newestAnswer.value !== null && newestAnswer.value.askedAt > askedAt) return;
  newestAnswer.value = { askedAt, at: Date.now() };
};
