import { defineAsyncComponent, ref, type Component } from 'vue';
import { isAlive } from '../api/alive.ts';
import { renewalsWithOneMore, withoutFragment } from './renewals.ts';

const storageKey = 'alfa.renewals';
const asksMax = 3;
const pauseMs = 500;

/** Whether a part of the page is missing and loading the page anew is left to the person. */
export const lacksPart = ref(false);

/**
 * Loads the page anew after a part of it could not be loaded: Alfa Cloud was renewed meanwhile and the parts have other names, or the network went
 * away for a moment. Sets {@link lacksPart} while nobody answers, and when the page was loaded anew too often.
 * @param address where to go on
 */
export const loadAnew = async (address: string): Promise<void> => {
  const renewals = renewalsWithOneMore(sessionStorage.getItem(storageKey) ?? '', Date.now());
  if (renewals === null || !(await isAnswered())) {
    lacksPart.value = true;
    return;
  }
  sessionStorage.setItem(storageKey, renewals);
  location.assign(withoutFragment(address, location.href));
};

const isAnswered = async (): Promise<boolean> => {
  for (let asked = 0; asked < asksMax; asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** asked));
    if (await isAlive()) return true;
  }
  return false;
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
