import { defineAsyncComponent, type Component } from 'vue';

/** A page that was loaded later than this is the newest one: to load it once more would mend nothing. */
const justLoadedMs = 30_000;
const answerWithinMs = 5000;

/**
 * Loads the page anew after a part of it could not be loaded: Alfa Cloud was renewed meanwhile, and the parts have other names.
 * Leaves the page as it is while nobody answers, and when it has only just been loaded.
 * @param address where to go on
 */
export const loadAnew = async (address: string): Promise<void> => {
  if (performance.now() < justLoadedMs) return;
  const isThere = await fetch('/health/live', {
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(answerWithinMs),
  }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isThere) location.assign(address);
};

/** A part of a screen that is loaded when it is first shown. */
export const loadedLater = (load: () => Promise<Component>): Component =>
  defineAsyncComponent({
    loader: load,
    onError: (_error, _retry, fail) => {
      fail();
      void loadAnew(location.href);
    },
  });
