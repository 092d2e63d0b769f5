import { onScopeDispose } from 'vue';

const product = 'Alfa Cloud';

/** Calls the browser's tab by the heading of the screen that is shown, so that several tabs can be told apart. */
export const followHeading = (): void => {
  const rename = () => {
    const heading = document.querySelector('h1')?.textContent?.trim() ?? '';
    const title = heading === '' ? product : `${heading} · ${product}`;
    if (document.title !== title) document.title = title;
  };
  const observer = new MutationObserver(rename);
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  onScopeDispose(() => observer.disconnect());
};
