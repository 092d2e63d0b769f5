import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';

export interface Look {
  language: 'ru' | 'en';
  theme: 'light' | 'dark';
  width: 360 | 1440;
}

export const looks: readonly Look[] = (['ru', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    ([360, 1440] as const).map((width) => ({ language, theme, width })),
  ),
);

/** A tab with the console. `complaints` are the faults that the browser has told, its security policy's among them. */
export interface ConsoleTab {
  page: Page;
  complaints: string[];
  /** To a path of the console; ends when its lists have come. */
  open: (path: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Opens the console and signs in. */
export const openConsole = async (
  browser: Browser,
  { url, login, password }: { url: string; login: string; password: string },
  { language, theme, width }: Look,
): Promise<ConsoleTab> => {
  const context = await browser.newContext({
    locale: language === 'ru' ? 'ru-RU' : 'en-GB',
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${url}/console/`);
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('#content h1').waitFor();
  return {
    page,
    complaints,
    open: async (path) => {
      await page.goto(`${url}/console${path}`);
      await page.locator('#content h1').waitFor();
      // Lists say so while they are on their way.
      await page.locator('#content p.blank[role=status]').first().waitFor({ state: 'hidden' });
    },
    close: () => context.close(),
  };
};

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds against WCAG 2.2 AA, a line for each place. */
export const violationsOf = async (page: Page): Promise<string[]> => {
  // As an expression, since the policy of the page takes no script from elsewhere.
  await page.evaluate(`window.axe === undefined && (() => { ${axe} })()`);
  const { violations } = await page.evaluate<Findings>(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(rules)} } })`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
};

/** As far as we read what axe finds. */
interface Findings {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

/** How many rows of tables are in the document, of those with one and of grids. */
export const rowsInDocument = (page: Page): Promise<number> =>
  page.evaluate<number>('document.querySelectorAll("tbody tr, [role=row]").length');

/** Bytes that came over the wire for what the page has loaded so far, without headers, as they were compressed: of the console itself, and of the API. */
export const loadedBytes = (page: Page): Promise<{ console: number; api: number }> =>
  page.evaluate(`(() => {
    const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const sum = (isOf) => loaded.filter(({ name }) => isOf(new URL(name).pathname)).reduce((all, one) => all + one.encodedBodySize, 0);
    const isConsole = (path) => path.startsWith('/console');
    return { console: sum(isConsole), api: sum((path) => !isConsole(path)) };
  })()`);
