import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execInContainer } from '@alfa-cloud/testing';
import { startBrowser, type ApartBrowser } from '@alfa-cloud/testing/browser';
import type { Locator, Page } from 'playwright-core';
import { clientDocument, followCreation, type Resource, type Server } from './support/caller.ts';
import { openConsole, type ConsoleTab } from './support/console-page.ts';
import { faultOfFocus, openMenu, tabTo, typeInPalette } from './support/keyboard.ts';
import { password, startWorld, type World } from './support/world.ts';

// One administrator's day, in order: each test goes on where the one before has left the screen.

const slug = 'laboratoriya-romashka';
const endsWithin = { timeout: 120_000 };

let world: World;
let server: Server;
let apart: ApartBrowser;
let tab: ConsoleTab;
let page: Page;

beforeAll(async () => {
  world = await startWorld({
    env: { ALFA_SWITCH_OBSERVE_S: '1', ALFA_AVAILABILITY_INTERVAL_S: '2' },
  });
  [server, apart] = await Promise.all([world.register(), startBrowser(Number(world.env['ALFA_HTTP_PORT']))]);
  tab = await openConsole(
    apart.browser,
    { url: world.url, login: 'admin', password },
    { language: 'en', theme: 'light', width: 1440 },
  );
  ({ page } = tab);
});
afterAll(async () => {
  await apart?.[Symbol.asyncDispose]();
  await world?.dispose();
});

const dialog = () => page.getByRole('dialog');
const button = (name: string | RegExp, within: Page | Locator = page) =>
  within.getByRole('button', { name, exact: typeof name === 'string' });
const section = (name: string) => page.locator('#sections').getByRole('link', { name });

const client = async (): Promise<Resource> =>
  (await world.call('GET', `/clients?filter[search]=${slug}`)).body.data[0];
const visit = async () => world.visit(String((await client()).links?.['cloud']));

const linesOf = (log: Locator): Promise<string[]> => log.locator('.text').allTextContents();

/** Cuts the browser off until the screen has told of it and `meanwhile` is over, and waits until it is back. */
const beCutOff = async (meanwhile?: Promise<unknown>) => {
  const alert = page.getByRole('alert').filter({ hasText: 'as of' });
  apart.cut();
  await alert.waitFor();
  await meanwhile;
  apart.mend();
  await alert.waitFor({ state: 'hidden' });
};

test('a client is created and its creation watched; cut off in the middle, the log lacks no line and has none twice', async () => {
  const another = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'second', world.images.client),
  );
  await section('Clients').click();
  await page.getByRole('link', { name: 'Create a client' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Лаборатория «Ромашка»');
  expect(await page.getByLabel('Slug').inputValue()).toBe(slug);
  await page.getByText(`${slug}.alfa.localhost`).waitFor();
  await page.getByLabel('E-mail').fill('owner@romashka.example');
  await page.getByRole('combobox', { name: 'Image' }).selectOption(world.images.client);
  await button('Make one').click();
  await button('Create the client').click();

  const log = page.getByRole('log');
  await log.locator('.line').nth(3).waitFor();
  await beCutOff();
  await page.getByRole('heading', { name: 'The client is ready' }).waitFor(endsWithin);
  await page.getByText('Complete', { exact: true }).waitFor();
  const { entries } = await followCreation(world.call, (await client()).id);
  expect(await linesOf(log)).toEqual(entries.flatMap(({ message }) => message.trimEnd().split('\n')));
  expect((await visit()).status).toBe(200);
  expect((await followCreation(world.call, another.body.data.id)).attributes.completed).toBe('ok');
});

test('it is extended by a year for a reason, which is told with the change', async () => {
  await page.getByRole('link', { name: 'To the client' }).click();
  await page.getByRole('link', { name: 'Expiry' }).click();
  const before = String((await client()).attributes['expireDate']);
  await button(/\+1 year/).click();
  await page.getByLabel('Reason').fill('Счёт 42 оплачен');
  await button('Change the day').click();
  await page.getByRole('row').filter({ hasText: 'Счёт 42 оплачен' }).waitFor();
  const after = String((await client()).attributes['expireDate']);
  expect(Number(after.slice(0, 4))).toBe(Number(before.slice(0, 4)) + 1);
});

test('switched to an image that does not work: the screen tells why, and that the former one goes on', async () => {
  await button('Switch image').click();
  await dialog().getByRole('combobox', { name: 'Image' }).selectOption('alfa/client:broken');
  await button('Switch image', dialog()).click();
  const end = page.getByRole('alert').filter({ hasText: 'rolled_back' });
  await end.waitFor(endsWithin);
  expect(await end.textContent()).toMatch(
    /the release is incomplete.*The container that served before goes on/s,
  );
  expect((await visit()).status).toBe(200);
  expect((await client()).attributes['image']).toBe(world.images.client);
});

test('the log of its container is followed through a cut: each line is there, once', async () => {
  await page.getByRole('link', { name: 'Container log' }).click();
  const log = page.getByRole('log');
  await log.locator('.line').first().waitFor();
  const linesMax = 300;
  const written = execInContainer(world.docker.docker, `alfa-${slug}`, [
    'sh',
    '-c',
    `for i in $(seq ${linesMax}); do echo "counted $i" > /proc/1/fd/1; sleep 0.02; done`,
  ]);
  await log.getByText('counted 30', { exact: true }).waitFor();
  await beCutOff(written);
  await log.getByText(`counted ${linesMax}`, { exact: true }).waitFor();
  const counted = (await linesOf(log)).filter((line) => line.startsWith('counted '));
  expect(counted).toEqual(Array.from({ length: linesMax }, (_, index) => `counted ${index + 1}`));
});

test('by keyboard alone its maintenance page goes on and off', async () => {
  const head = page.locator('#content header');
  await tabTo(page, button('Maintenance on', head));
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Message').waitFor();
  await page.keyboard.type('Вернёмся в 15:00');
  await tabTo(page, button('Maintenance on', dialog()));
  await page.keyboard.press('Enter');
  await button('Maintenance off', head).waitFor(endsWithin);
  const closed = await visit();
  expect([closed.status, closed.text.includes('Вернёмся в 15:00')]).toEqual([503, true]);

  await tabTo(page, button('Maintenance off', head));
  await page.keyboard.press('Enter');
  await tabTo(page, button('Maintenance off', dialog()));
  await page.keyboard.press('Enter');
  await button('Maintenance on', head).waitFor(endsWithin);
  expect((await visit()).status).toBe(200);
});

test('in Russian: what a switch of chosen clients would do is shown, then it is done', async () => {
  await button('Русский').click();
  await section('Клиенты').click();
  await page.getByRole('checkbox', { name: `Выбрать ${slug}` }).check();
  await page.getByRole('checkbox', { name: 'Выбрать second' }).check();
  await button('Сменить образ').click();
  await dialog().getByRole('combobox', { name: 'Образ' }).selectOption('alfa/client:2');
  await dialog().getByLabel('Сначала по одному').fill('0');
  await dialog().getByText('Будут изменены 2 клиента').click();
  await dialog().getByRole('listitem').filter({ hasText: slug }).waitFor();
  const { body } = await world.call('GET', '/operations?filter[kind]=clients.switch');
  expect(body.meta.total).toBe(0);
  await button('Сменить образ', dialog()).click();
  await page.getByText('закончено 2 из 2').waitFor(endsWithin);
  await page.getByText('Завершён', { exact: true }).waitFor();
  expect((await client()).attributes['image']).toBe('alfa/client:2');
});

test('by keyboard alone it is found and deleted, once its slug is typed', async () => {
  await typeInPalette(page, 'ромашка');
  await page.locator('[role=option][data-highlighted]').filter({ hasText: 'Ромашка' }).waitFor();
  await page.keyboard.press('Enter');
  await tabTo(page, button('Другие действия'));
  await openMenu(page);
  await page.keyboard.press('End');
  await page.locator('[role=menuitem]:focus').filter({ hasText: 'Удалить клиента' }).waitFor();
  expect(await faultOfFocus(page)).toBeNull();
  await page.keyboard.press('Enter');
  const send = button('Удалить клиента', dialog());
  await tabTo(page, dialog().getByLabel(`Для подтверждения введите ${slug}`));
  await page.keyboard.type(slug.slice(0, -1));
  expect(await send.isDisabled()).toBe(true);
  await page.keyboard.type(slug.slice(-1));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Удалённый клиент' }).waitFor(endsWithin);
  expect(await page.getByText('owner@romashka.example').count()).toBe(0);
  expect((await world.inventory()).containers).toEqual(['alfa-database', 'alfa-proxy', 'alfa-second']);
  // Chromium itself tells of each request that found no network, or was answered with a refusal: of the deleted client, 410.
  expect(tab.complaints.filter((line) => !/net::ERR_|status of 410/.test(line))).toEqual([]);
});
