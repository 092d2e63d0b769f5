import { clientIdOf } from '@alfa-cloud/projector/testing';
import type { Page } from 'playwright-core';
import { typeInPalette } from './keyboard.ts';

const client = `/clients/${clientIdOf('lab-001')}`;

/** Tabs of a client's screen beside the first. */
export const clientTabs = ['settings', 'expiry', 'backups', 'log', 'mails', 'history'].map(
  (tab) => [`client, ${tab}`, `${client}?tab=${tab}`] as const,
);

/** The first control with that sign: the same in every language. */
const withSign = (page: Page, sign: string, role = 'button') =>
  page.locator(`${role === 'button' ? 'button' : `[role=${role}]`}:has(svg.lucide-${sign})`).first();

const byButton =
  (sign: string) =>
  async (page: Page): Promise<void> => {
    await withSign(page, sign).click();
    await page.getByRole('dialog').waitFor();
  };

const byMenu =
  (sign: string) =>
  async (page: Page): Promise<void> => {
    await withSign(page, 'ellipsis').click();
    await withSign(page, sign, 'menuitem').click();
    await page.getByRole('dialog').waitFor();
  };

/** One of each kind of what lies over a screen: where, and how it is opened there. */
export const consoleDialogs: readonly (readonly [
  name: string,
  path: string,
  open: (page: Page) => Promise<void>,
])[] = [
  ['menu', client, async (page) => withSign(page, 'ellipsis').click()],
  ['text', client, byButton('wrench')],
  ['choice', client, byButton('package-open')],
  ['password', client, byMenu('key-round')],
  ['plan', client, byMenu('arrow-right-left')],
  ['typed word', client, byMenu('trash-2')],
  [
    'many clients',
    '/clients',
    async (page) => {
      await page.getByRole('checkbox').nth(1).check();
      await byButton('package-open')(page);
    },
  ],
  [
    'palette',
    '/',
    async (page) => {
      await typeInPalette(page, 'lab-00');
      await page.getByRole('option').first().waitFor();
    },
  ],
];
