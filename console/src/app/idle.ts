import { onScopeDispose } from 'vue';

/** Time without a key, a click or a movement after which the tab forgets the password. */
const idleMs = 30 * 60_000;
const checkEveryMs = 15_000;

/** Calls `leave` once nobody has touched the page for {@link idleMs}; a computer that slept counts. Ends with its scope. */
export const watchIdle = (leave: () => void): void => {
  let touchedAt = Date.now();
  const touch = () => {
    touchedAt = Date.now();
  };
  const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];
  for (const kind of kinds) addEventListener(kind, touch, { passive: true });
  const timer = setInterval(() => {
    if (Date.now() - touchedAt >= idleMs) leave();
  }, checkEveryMs);
  onScopeDispose(() => {
    clearInterval(timer);
    for (const kind of kinds) removeEventListener(kind, touch);
  });
};
