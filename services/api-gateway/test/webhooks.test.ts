import { afterEach, expect, test } from '@jest/globals';
import type { NoticeView, WebhookView } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { codesOf, now, operationId, type RunningGateway, startGateway, unknownId } from './support.ts';

const webhook: WebhookView = {
  id: operationId,
  url: 'https://hooks.test/alfa',
  events: ['alert.raised'],
  active: true,
  createdAt: now,
  updatedAt: now,
};
const notice: NoticeView = {
  id: unknownId,
  recipient: { kind: 'webhook', id: webhook.id },
  type: 'alert.raised',
  at: now,
  data: { code: 'disk' },
  status: 'failed',
  attempts: 11,
  answer: null,
  failure: {
    code: 'webhook_refused',
    reason: 'The receiver answered 500',
    message: { template: 'The receiver answered {}', values: ['500'] },
  },
  dueAt: null,
  requestedAt: now,
  deliveredAt: null,
};

let gateway: RunningGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});
const start = async (): Promise<RunningGateway> => {
  gateway = await startGateway({
    queries: {
      ListWebhooks: async () => ({ result: { items: [webhook] } }),
      GetWebhook: async () => ({ result: webhook }),
      ListNotices: async () => ({ result: { items: [notice], total: 1 } }),
      GetNotice: async () => ({ result: notice }),
    },
  });
  return gateway;
};
const document = (attributes: object) => ({ data: { type: 'webhooks', attributes } });
const { url, events } = webhook;

test('a webhook is made with a secret of its own, which is told once and sealed on its way', async () => {
  const { send, commands } = await start();
  const headers = { 'idempotency-key': 'one' };
  const made = await send('/webhooks', { method: 'POST', body: document({ url, events }), headers });
  expect(made).toMatchObject({
    status: 201,
    json: { data: { type: 'webhooks', attributes: { url, events } } },
  });
  const { secret } = made.json.meta as { secret: string };
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const [command] = commands.sent;
  expect(command).toMatchObject({ name: 'CreateWebhook', data: { events } });
  for (const text of [secret, url]) expect(JSON.stringify(command)).not.toContain(text);
  const sealed = (command?.data ?? {}) as { secret: string; url: string };
  expect(await inMemoryVault().open(sealed.secret)).toBe(secret);
  expect(await inMemoryVault().open(sealed.url)).toBe(url);
  const again = await send('/webhooks', { method: 'POST', body: document({ url, events }), headers });
  expect(again.json.meta).toEqual({ secret });
  const own = document({ url, events, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
  expect((await send('/webhooks', { method: 'POST', body: own })).json).not.toHaveProperty('meta.secret');
});

test.each([
  { url: 'ftp://a.test/', events },
  { url: 'https://user:secret@a.test/', events },
  { url: 'https://a.test/…', events },
  { url, events: [] },
  { url, events: ['test'] },
  { url, events, secret: 'short' },
])('%j is refused', async (attributes) => {
  const { send, commands } = await start();
  expect((await send('/webhooks', { method: 'POST', body: document(attributes) })).status).toBe(422);
  expect(commands.sent).toEqual([]);
});

test('it is listed, changed, tested and removed, and its deliveries are told in the language of the reader', async () => {
  const { send, commands, asked } = await start();
  expect((await send('/webhooks')).json).toMatchObject({ data: [{ id: webhook.id }], meta: { total: 1 } });
  const path = `/webhooks/${webhook.id}`;
  expect((await send(path)).status).toBe(200);
  const changed = await send(path, { method: 'PATCH', body: document({ active: false }) });
  expect(changed.status).toBe(200);
  expect((await send(`${path}/test`, { method: 'POST' })).status).toBe(201);
  expect((await send(`/deliveries/${notice.id}/replay`, { method: 'POST' })).status).toBe(200);
  expect((await send(path, { method: 'DELETE' })).status).toBe(204);
  expect(commands.sent.map(({ name }) => name)).toEqual([
    'ChangeWebhook',
    'TestWebhook',
    'ReplayDelivery',
    'RemoveWebhook',
  ]);
  const { json } = await send(`${path}/deliveries?filter[status]=failed`, {
    headers: { 'accept-language': 'ru' },
  });
  expect(json).toMatchObject({
    data: [
      {
        type: 'deliveries',
        attributes: { event: 'alert.raised', to: 'webhook', failure: { reason: 'Получатель ответил 500' } },
        relationships: { webhook: { data: { id: webhook.id } } },
      },
    ],
  });
  await send(`/deliveries?filter[webhook]=${webhook.id}`);
  expect(asked.filter(({ name }) => name === 'ListNotices').map(({ request }) => request)).toMatchObject([
    { filter: { recipientId: webhook.id, status: 'failed' } },
    { filter: { recipientId: webhook.id } },
  ]);
  expect(codesOf(await send('/deliveries?filter[status]=lost'))).toEqual(['invalid_parameter']);
});
