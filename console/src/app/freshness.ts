import { onScopeDispose, ref, type Ref } from 'vue';

/** Often enough that a cut is told within 5 s. */
const everyMs = 2000;
const answerWithinMs = 2500;

export interface Freshness {
  /** Since when nobody answers, as milliseconds of the clock; null while Alfa Cloud answers. */
  awaySince: Ref<number | null>;
}

/**
 * Asks Alfa Cloud all the time whether it is there, so that no screen passes old facts off as new ones.
 * @param onReturn called when it answers again after it was away
 */
export const watchFreshness = (onReturn: () => void): Freshness => {
  const awaySince = ref<number | null>(null);
  let answeredAt = Date.now();
  let timer = 0;
  let hasEnded = false;
  const look = async () => {
    const answers = await fetch('/health/live', {
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(answerWithinMs),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (hasEnded) return;
    if (answers) {
      answeredAt = Date.now();
      if (awaySince.value !== null) onReturn();
      awaySince.value = null;
    } else awaySince.value ??= answeredAt;
    timer = window.setTimeout(() => void look(), everyMs);
  };
  void look();
  onScopeDispose(() => {
    hasEnded = true;
    clearTimeout(timer);
  });
  return { awaySince };
};
