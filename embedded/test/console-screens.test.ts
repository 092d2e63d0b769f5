import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleOf, walkExtent } from '@alfa-cloud/testing';
import { startBrowser, type ApartBrowser } from '@alfa-cloud/testing/browser';
import type { Browser } from 'playwright-core';
import { looks, openConsole, violationsOf, type Look } from './support/console-page.ts';
import { consoleScreens } from './support/console-screens.ts';
import { startGeneratedWorld, type GeneratedWorld } from './support/generated-world.ts';

const { isFull, seed } = walkExtent(process.env, new Date());
const shownLooks = isFull ? looks : sampleOf(looks, 2, seed);
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

describe.each(shownLooks)(`in $language, $theme, $width px (seed ${seed})`, (look) => {
  test('no screen has anything against WCAG 2.2 AA or the security policy, or is wider than the window', async () => {
    const { page, complaints, open, close } = await openConsole(browser, world, look);
    const found: Record<string, string[]> = {};
    for (const [screen, path] of consoleScreens) {
      await open(path);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      found[screen] = [...(await violationsOf(page)), ...(overflow > 0 ? [`${overflow} px too wide`] : [])];
    }
    await close();
    expect(found).toEqual(Object.fromEntries(consoleScreens.map(([screen]) => [screen, []])));
    // The generated servers answer nobody: what is asked of them live is refused.
    expect(complaints.filter((line) => !/status of 50[34]/.test(line))).toEqual([]);
  }, 300_000);
});

test('clients are found by a part of their name, filtered and paged, all of it in the address', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  await open('/clients');
  await page.getByRole('searchbox').fill('Казань');
  await page.waitForURL(/q=/);
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

test('a tab whose credentials the feed refuses is signed out', async () => {
  const { page, open, close } = await openConsole(browser, world, desktop);
  await open('/clients');
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
