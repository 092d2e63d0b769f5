import { onUnmounted } from 'vue';

/** What has the focus now; for an item of a menu, which goes with its menu, the button of that menu. */
const focused = (): Element | null => {
  const menu = document.activeElement?.closest('[role=menu]') ?? null;
  if (menu === null) return document.activeElement;
  return document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
};

/**
 * For a dialog that is opened by no trigger of its own: once it is gone the focus is where it was before, or on the screen where that is gone.
 * To be called while the dialog is set up.
 */
export const useFocusReturn = (): void => {
  const before = focused();
  onUnmounted(() => {
    // After the dialog's own try, which knows of no menu and focuses what is no more in the page.
    setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected;
      (isThere ? before : document.getElementById('content'))?.focus({ preventScroll: true });
    });
  });
};
