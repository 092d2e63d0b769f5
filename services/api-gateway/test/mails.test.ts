import { afterEach, expect, test } from '@jest/globals';
import type { MailView } from '@alfa-cloud/contracts';
import {
  clientId,
  codesOf,
  now,
  operationId,
  type RunningGateway,
  startGateway,
  unknownId,
} from './support.ts';

const mail: MailView = {
  id: operationId,
  clientId,
  template: 'success',
  origin: 'request',
  status: 'failed',
  attempts: 1,
  messageId: null,
  transport: null,
  answer: null,
  failure: {
    code: 'mail_refused',
    reason: 'The mail server answered: 550',
    message: { template: 'The mail server answered: {}', values: ['550'] },
  },
  dueAt: null,
  warning: null,
  operationId: null,
  requestedAt: now,
  sentAt: null,
};

let gateway: RunningGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});
const start = async (): Promise<RunningGateway> => {
  gateway = await startGateway({
    queries: {
      ListMails: async () => ({ result: { items: [mail], total: 1 } }),
      GetMail: async () => ({ result: mail }),
      PreviewMail: async () => ({ result: { subject: 's', html: 'h', text: 't', locale: 'ru' } }),
    },
  });
  return gateway;
};

test('mails are listed by filters, those of a client under its path, with reasons in the language of the reader', async () => {
  const { send, asked } = await start();
  const { json } = await send('/mails?filter[status]=failed&filter[template]=success', {
    headers: { 'accept-language': 'ru' },
  });
  expect(json).toMatchObject({
    data: [
      { type: 'mails', id: mail.id, attributes: { failure: { reason: 'Почтовый сервер ответил: 550' } } },
    ],
  });
  await send(`/clients/${clientId}/mails?filter[origin]=schedule`);
  expect(asked.filter(({ name }) => name === 'ListMails').map(({ request }) => request)).toMatchObject([
    { filter: { status: 'failed', template: 'success' } },
    { filter: { clientId, origin: 'schedule' } },
  ]);
  expect(codesOf(await send('/mails?filter[template]=spam'))).toEqual(['invalid_parameter']);
});

test('a preview asks for the mail of a client in the language wished; what is missing is told', async () => {
  const { send, asked } = await start();
  expect(await send(`/mails/preview?template=expire&clientId=${clientId}`)).toMatchObject({
    status: 200,
    json: { data: { type: 'mail-previews', attributes: { subject: 's', html: 'h' } } },
  });
  expect(codesOf(await send('/mails/preview?template=expire'))).toEqual(['invalid_parameter']);
  await send(`/mails/preview?template=expire&clientId=${clientId}&locale=en`);
  const previews = asked.filter(({ name }) => name === 'PreviewMail');
  expect(previews.map(({ request }) => (request as { locale?: string }).locale)).toEqual([undefined, 'en']);
  expect(codesOf(await send(`/mails/preview?template=expire&clientId=${clientId}&locale=de`))).toEqual([
    'invalid_parameter',
  ]);
});

test('a retry is sent as a command about the client of the mail', async () => {
  const { send, commands } = await start();
  expect((await send(`/mails/${mail.id}/retry`, { method: 'POST' })).status).toBe(202);
  expect(commands.sent.at(-1)).toMatchObject({ name: 'RetryMail', data: { clientId, mailId: mail.id } });
  expect((await send(`/mails/${unknownId}`)).status).toBe(200);
});

test.each(['send_success', 'send_expire'])('%s works by GET and by POST', async (path) => {
  const { send, commands } = await start();
  for (const method of ['GET', 'POST']) {
    expect((await send(`/clients/${clientId}/${path}`, { method })).status).toBe(202);
  }
  const name = path === 'send_success' ? 'SendSuccess' : 'SendExpire';
  expect(commands.sent.map((command) => [command.name, command.data])).toEqual([
    [name, { clientId }],
    [name, { clientId }],
  ]);
});
