import type { Locator, Page } from 'playwright-core';

/** More stops than any screen has. */
const stopsMax = 150;

/** What is wrong with the place of the focus, for somebody who sees the page; null: nothing. */
export const faultOfFocus = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(`(() => {
    const focused = document.activeElement;
    // After the last one it is on the browser's own bar.
    if (focused === document.body || focused === null) return null;
    const name = focused.outerHTML.slice(0, 120);
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'not seen to have the focus: ' + name;
    const { left, top, width, height } = focused.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + Math.min(height, innerHeight) / 2);
    return hit !== null && (focused.contains(hit) || hit.contains(focused)) ? null : 'covered: ' + name;
  })()`);

/** Goes on with Tab until the element has the focus, which is seen at each stop. */
export const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor();
  for (let stop = 0; stop < stopsMax; stop += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) {
      const fault = await faultOfFocus(page);
      if (fault !== null) throw new Error(fault);
      return;
    }
  }
  throw new Error(`${String(target)} is not reached by Tab`);
};

/** Opens the menu of the button that has the focus; ends when the keys go to its items. */
export const openMenu = async (page: Page): Promise<void> => {
  await page.keyboard.press('Enter');
  await page.locator('[role=menuitem]:focus').waitFor();
};

/** Opens the command palette and types, as soon as it takes letters. */
export const typeInPalette = async (page: Page, text: string): Promise<void> => {
  await page.keyboard.press('Control+K');
  await page.locator('[role=dialog] input:focus').waitFor();
  await page.keyboard.type(text);
};

/** Goes once through the whole page with Tab. @returns what is wrong: controls that are not reached, places where the focus is not seen */
export const walkThrough = async (page: Page): Promise<string[]> => {
  await page.evaluate(`(() => {
    // Arrows go from one of a group of radio buttons to the next.
    const isChoice = (one) => one.type === 'radio';
    const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
    window.unreached = new Set(controls.filter((one) => !isChoice(one) && !one.disabled && one.checkVisibility() && one.tabIndex >= 0));
    document.activeElement?.blur();
  })()`);
  const faults: string[] = [];
  for (let stop = 0; stop < stopsMax; stop += 1) {
    await page.keyboard.press('Tab');
    const left = await page.evaluate<number>(
      `(window.unreached.delete(document.activeElement), window.unreached.size)`,
    );
    const fault = await faultOfFocus(page);
    if (fault !== null) faults.push(fault);
    if (left === 0) break;
  }
  const unreached = await page.evaluate<string[]>(
    `[...window.unreached].filter((one) => one.isConnected).map((one) => 'not reached: ' + one.outerHTML.slice(0, 120))`,
  );
  return [...faults, ...unreached];
};
