import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleOf, walkExtent } from '@alfa-cloud/testing';
import { clientIdOf } from '@alfa-cloud/projector/testing';
import { startBrowser, type ApartBrowser } from '@alfa-cloud/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { clientTabs, consoleDialogs } from './support/console-dialogs.ts';
import {
  loadedBytes,
  looks,
  openConsole,
  rowsInDocument,
  violationsOf,
  type Look,
} from './support/console-page.ts';
import { consoleScreens } from './support/console-screens.ts';
import { startGeneratedWorld, type GeneratedWorld } from './support/generated-world.ts';
import { faultOfFocus, openMenu, tabTo, typeInPalette, walkThrough } from './support/keyboard.ts';

const { isFull, seed } = walkExtent(process.env, new Date());
/** Screens and tabs have a look each that changes with the day; or all of them. */
const [ofScreens, ofTabs] = isFull ? [looks, looks] : sampleOf(looks, 2, seed).map((look) => [look]);
const desktop: Look = { language: 'en', theme: 'light', width: 1440 };

let world: GeneratedWorld;
let apart: ApartBrowser;
let browser: Browser;

beforeAll(async () => {
  world = await startGeneratedWorld(300);
  apart = await startBrowser(world.port);
  ({ browser } = apart);
});

afterAll(async () => {
  await apart?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** What the page has against WCAG 2.2 AA, and whether it is wider than the window. */
const faultsOf = async (page: Page): Promise<string[]> => {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return [...(await violationsOf(page)), ...(overflow > 0 ? [`${overflow} px too wide`] : [])];
};
const nothing = (places: readonly (readonly [name: string, ...unknown[]])[]) =>
  Object.fromEntries(places.map(([name]) => [name, []]));

describe.each(ofScreens ?? [])(`in $language, $theme, $width px (seed ${seed})`, (look) => {
  test('no screen has anything against WCAG 2.2 AA or the security policy, or is wider than the window', async () => {
    const { page, complaints, open, close } = await openConsole(browser, world, look);
    const found: Record<string, string[]> = {};
    for (const [screen, path] of consoleScreens) {
      await open(path);
      found[screen] = await faultsOf(page);
    }
    await close();
    expect(found).toEqual(nothing(consoleScreens));
    // The generated servers answer nobody: what is asked of them live is refused.
    expect(complaints.filter((line) => !/status of 50[34]/.test(line))).toEqual([]);
  }, 300_000);
});

test.each(ofTabs ?? [])(
  `nor has any tab of a client or dialog, in $language, $theme, $width px (seed ${seed})`,
  async (look) => {
    const { page, open, close } = await openConsole(browser, world, look);
    const found: Record<string, string[]> = {};
    for (const [tab, path] of clientTabs) {
      await open(path);
      found[tab] = await faultsOf(page);
    }
    let opened = '';
    for (const [dialog, path, show] of consoleDialogs) {
      if (path !== opened) await open(path);
      opened = path;
      await show(page);
      found[dialog] = await faultsOf(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').or(page.getByRole('menu')).waitFor({ state: 'hidden' });
    }
    await close();
    expect(found).toEqual(nothing([...clientTabs, ...consoleDialogs]));
  },
  300_000,
);

test('every control of the main screens is reached by Tab, and seen to have the focus', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  const walked = consoleScreens
    .filter(([screen]) => ['overview', 'clients', 'create-client', 'client', 'operation'].includes(screen))
    .map(([screen, path]) => [screen, screen === 'clients' ? '/clients?q=lab-00' : path] as const);
  const found: Record<string, string[]> = {};
  for (const [screen, path] of walked) {
    await open(path);
    found[screen] = await walkThrough(page);
  }
  await close();
  expect(found).toEqual(nothing(walked));
}, 300_000);

test('by keyboard: past the menu to the content, into dialogs and back to where they were opened', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  const holder = () => page.evaluate<string>('document.activeElement.id || document.activeElement.innerText');
  const focused = page.locator(':focus');
  const dialog = page.getByRole('dialog');
  await open('/');
  await page.keyboard.press('Tab');
  expect([await holder(), await faultOfFocus(page)]).toEqual(['Skip to the content', null]);
  await page.keyboard.press('Enter');
  expect(await holder()).toBe('content');

  await typeInPalette(page, 'lab-001');
  await page.getByRole('option', { name: 'lab-001' }).waitFor();
  await page.keyboard.press('Enter');
  const maintenance = page.locator('header').getByRole('button', { name: 'Maintenance on' });
  await maintenance.waitFor();
  expect([await holder(), await page.title()]).toEqual([
    'content',
    'Лаборатория «Здоровье», Казань · Alfa Cloud',
  ]);

  await tabTo(page, maintenance);
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  for (let stop = 0; stop < 5; stop += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((box) => box.contains(box.ownerDocument.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await maintenance.and(focused).waitFor();

  const more = page.getByRole('button', { name: 'Other actions' });
  await tabTo(page, more);
  await openMenu(page);
  await page.keyboard.press('ArrowDown');
  expect([await holder(), await faultOfFocus(page)]).toEqual(['Update the database', null]);
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await more.and(focused).waitFor();

  await open('/clients?q=lab-00');
  const [first, second] = [page.getByRole('checkbox').nth(1), page.getByRole('checkbox').nth(2)];
  await tabTo(page, first);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  expect([await first.isChecked(), await second.isChecked()]).toEqual([true, true]);
  await close();
});

test('clients are found by a part of their name, filtered and paged, all of it in the address', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  await open('/clients');
  await page.getByRole('searchbox').fill('nobody');
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/\?page=2$/);
  await page.getByRole('searchbox').fill('Казань');
  await page.waitForURL(/q=/);
  expect(page.url()).not.toContain('page=');
  await page
    .getByRole('link', { name: /Казань/ })
    .first()
    .waitFor();
  await page.getByRole('combobox', { name: 'Answers' }).selectOption('false');
  await page.waitForURL(/available=false/);
  const address = page.url();
  await page.reload();
  await page.getByRole('searchbox').waitFor();
  expect(page.url()).toBe(address);
  expect(await page.getByRole('searchbox').inputValue()).toBe('Казань');
  await close();
});

test('a history shows whatever its address narrows it to, and all again on request', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  const kind = page.getByRole('combobox', { name: 'What' });
  for (const chosen of ['client.switch', 'ClientImageSwitched']) {
    await open(`/clients/${clientIdOf('lab-001')}?tab=history&kind=${chosen}`);
    expect(await kind.inputValue()).toBe(chosen);
    await kind.selectOption({ label: 'All' });
    await page.waitForURL(/\?tab=history$/);
  }
  await close();
});

test('from the sign-in to the first screen at most 180 kB come over the wire, and a list has at most 200 rows in the document', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  await page.locator('#content .cards li').first().waitFor();
  const { console: bytes } = await loadedBytes(page);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(180_000);
  await open('/clients');
  await page
    .getByRole('link', { name: /Лаборатория/ })
    .first()
    .waitFor();
  const rows = await rowsInDocument(page);
  expect(rows).toBeGreaterThan(20);
  expect(rows).toBeLessThanOrEqual(200);
  await close();
});

test('while Alfa Cloud does not answer the screen says since when it is old, and catches up by itself', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  await open('/clients');
  const alert = page.getByRole('alert').filter({ hasText: 'as of' });
  await world.cut();
  await alert.waitFor();
  await world.mend();
  await alert.waitFor({ state: 'hidden' });
  await page
    .getByRole('link', { name: /Лаборатория/ })
    .first()
    .waitFor();
  await close();
}, 120_000);

test('where only the feed is refused, a screen that asks for nothing says that, and not that nobody answers', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  await page.route('**/events/stream*', (route) =>
    route.fulfill({ status: 503, json: { errors: [{ code: 'busy', title: 'x' }] } }),
  );
  await open('/account');
  const alert = page.getByRole('alert');
  await alert.filter({ hasText: 'does not tell what changes' }).waitFor();
  await page.unroute('**/events/stream*');
  await alert.waitFor({ state: 'hidden' });
  await close();
}, 120_000);

test('a part of the page that did not come is asked for again, and told of when it stays away', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  let asked = 0;
  await page.route('**/assets/ClientsScreen-*.js', (route) => {
    asked += 1;
    return asked === 1 ? route.abort() : route.continue();
  });
  await open('/clients');
  await page
    .getByRole('link', { name: /Лаборатория/ })
    .first()
    .waitFor();
  await page.route('**/assets/ServersScreen-*.js', (route) => route.abort());
  await page.goto(`${world.url}/console/servers`);
  await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
  await page.unroute('**/assets/ServersScreen-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'moscow-1' }).first().waitFor();
  await close();
}, 120_000);

test('a tab whose credentials the feed refuses is signed out, not so where a proxy refuses', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  const isList = ({ pathname }: URL): boolean => pathname === '/clients';
  await page.route(isList, (route) => route.fulfill({ status: 401, body: '<h1>Who are you?</h1>' }));
  await open('/clients');
  await page.getByRole('alert').filter({ hasText: 'HTTP 401' }).waitFor();
  await page.unroute(isList);
  await page
    .getByRole('link', { name: /Лаборатория/ })
    .first()
    .waitFor();
  await page.route('**/events/stream*', (route) =>
    route.fulfill({ status: 401, json: { errors: [{ code: 'credentials_required', title: 'x' }] } }),
  );
  await page.reload();
  await page.waitForURL(/sign-in/);
  await close();
});

test('nobody gets further than the sign-in without the password, and a wrong one opens no dialog of the browser', async () => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${world.url}/console/clients?status=failed`);
  await page.locator('#password').fill('wrong');
  await page.locator('button[type=submit]').click();
  await page.getByText('Login or password is wrong').waitFor();
  await page.locator('#password').fill(world.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/console/clients?status=failed');
  expect(await context.cookies()).toEqual([]);
  await context.close();
});
