/** Names of colours in `tokens.css` that charts draw with. */
export type Token = '--accent' | '--good' | '--warn' | '--bad' | '--text-soft' | '--line';

/** What the names mean in the theme of an element now; a canvas does not know them itself. */
export const coloursOf = (element: HTMLElement): ((token: Token) => string) => {
  const probe = document.createElement('span');
  return (token) => {
    probe.style.color = `var(${token})`;
    element.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
};
