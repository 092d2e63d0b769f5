import { actionOperationIdOf, clientIdOf } from '@alfa-cloud/projector/testing';
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

/** The generated world has nobody who refuses an action or writes mails. */
const refusal = {
  errors: [
    {
      status: '409',
      code: 'operation_in_progress',
      title: 'Another operation is under way',
      detail: 'Client lab-001 is being updated',
      meta: { operationId: actionOperationIdOf('lab-001', 4) },
    },
  ],
};
const mail = {
  template: 'success',
  origin: 'request',
  status: 'sent',
  attempts: 1,
  messageId: '<1@alfa.test>',
  transport: 'smtp',
  answer: '250 OK',
  failure: null,
  dueAt: null,
  warning: null,
  requestedAt: '2026-11-22T18:00:00.000Z',
  sentAt: '2026-11-22T18:00:01.000Z',
};
const of = { client: { data: { type: 'clients', id: clientIdOf('lab-001') } }, operation: { data: null } };
const mails = {
  data: [{ type: 'mails', id: 'm1', attributes: mail, relationships: of }],
  meta: { total: 1 },
};
const preview = {
  data: {
    type: 'mail-previews',
    id: 'p1',
    attributes: {
      subject: 'Your cloud is ready',
      html: '',
      text: 'Good day!\n\nYour cloud is ready.',
      locale: 'en',
    },
  },
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
    'refused request',
    client,
    async (page) => {
      await page.route('**/clients/*/reboot', (route) => route.fulfill({ status: 409, json: refusal }));
      await byButton('rotate-cw')(page);
      await page.locator('[role=dialog] button[type=submit]').click();
      await page.locator('[role=dialog] [role=alert]').waitFor();
      // A button under the pointer has colours of its own.
      await page.locator('[role=dialog] button[type=submit]').hover();
    },
  ],
  [
    'mail preview',
    '/mails',
    async (page) => {
      await page.route(
        ({ pathname }) => pathname === '/mails',
        (route) => route.fulfill({ json: mails }),
      );
      await page.route(
        ({ pathname }) => pathname === '/mails/preview',
        (route) => route.fulfill({ json: preview }),
      );
      await page.reload();
      await byButton('eye')(page);
      await page.locator('[role=dialog] pre').waitFor();
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
