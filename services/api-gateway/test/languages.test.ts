import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deriveId, type HistoryEntry, message, reject, say } from '@alfa-cloud/contracts';
import { clientId, now, operationId, operationView, type RunningGateway, startGateway } from './support.ts';

const step = {
  name: 'restart',
  status: 'ok',
  outcome: 'done',
  attempts: 1,
  startedAt: now,
  finishedAt: now,
  durationMs: 4,
} as const;
const switched = say('imageSwitched', { from: 'alfa:1', to: 'alfa:2' });
const entry: HistoryEntry = {
  id: deriveId('test', 'entry'),
  at: now,
  actor: 'admin',
  kind: 'ClientImageSwitched',
  target: { type: 'client', id: clientId },
  summary: 'in English',
  said: say('operation', { kind: 'client.switch', status: 'ok', durationMs: 1200 }),
  reason: null,
  operationId,
  operation: { status: 'ok', finishedAt: now, durationMs: 1200, result: {}, facts: [switched] },
  correlationId: 'request-1',
  commandId: deriveId('test', 'command'),
};

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    queries: {
      GetOperation: async () => ({ result: { ...operationView, kind: 'client.reboot', steps: [step] } }),
      ListHistory: async () => ({ result: { items: [entry], total: 1 } }),
    },
  });
});
afterAll(() => gateway.stop());

const ask = (path: string, language?: string) =>
  gateway.send(path, language === undefined ? {} : { headers: { 'Accept-Language': language } });

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['ru', 'ru'],
  ['ru-RU, ru;q=0.9, en;q=0.8', 'ru'],
  ['en-GB, ru;q=0.9', 'en'],
  ['de, fr;q=0.5', 'en'],
  ['ru;q=0, en;q=0.1', 'en'],
  ['*', 'en'],
  ['RU', 'ru'],
  [';;;', 'en'],
])('Accept-Language: %s is answered in %s', async (asked, told) => {
  const reply = await ask(`/operations/${operationId}`, asked);
  expect([reply.status, reply.headers['content-language']]).toEqual([200, told]);
  expect(reply.headers['vary']).toContain('Accept-Language');
});

test('titles of an operation and of its steps', async () => {
  const titlesIn = async (language: string) => {
    const reply = await ask(`/operations/${operationId}`, language);
    expect(reply.json.data).toMatchObject({ attributes: { steps: [{ name: 'restart' }] } });
    const { attributes } = reply.json.data as { attributes: { title: string; steps: { title: string }[] } };
    return [attributes.title, attributes.steps[0]?.title];
  };
  expect(await titlesIn('ru')).toEqual(['Перезапуск клиента', 'Перезапуск контейнера']);
  expect(await titlesIn('en')).toEqual(['Restart of the client', 'Restart of the container']);
});

test('lines of the history', async () => {
  const reply = await ask('/history', 'ru');
  const summary = 'Переход на другой образ: успешно за 1,2 с. Образ сменён с alfa:1 на alfa:2';
  expect(reply.json.data).toMatchObject([{ attributes: { summary, status: 'ok', durationMs: 1200 } }]);
});

test('titles of faults, also before anybody is known', async () => {
  const reply = await gateway.send('/history', {
    headers: { authorization: '', 'Accept-Language': 'ru' },
  });
  expect([reply.status, reply.headers['content-language']]).toEqual([401, 'ru']);
  expect(reply.json.errors).toMatchObject([{ code: 'credentials_required', title: 'Нужны учётные данные' }]);
});

test.each([
  ['en', '"page[size]" must be at most 100'],
  ['ru', '"page[size]" должно быть не больше 100'],
])('details of what the gateway finds wrong, in %s', async (language, detail) => {
  const reply = await ask('/clients?page[size]=1000', language);
  expect(reply.json.errors).toMatchObject([{ code: 'invalid_parameter', detail }]);
});

test.each([
  ['/clients/switch_all?targetImage=alfa:1&dryRun=maybe', '"dryRun" должно быть true или false'],
  ['/clients/switch_all?targetImage=alfa:1&waveSize=x', '"waveSize" должно быть целым числом'],
  ['/history?filter[from]=x', /^"filter\[from\]" [а-я]/],
  ['/clients/switch_all?targetImage={x}', /^"targetImage" [а-я]/],
])('%s is told in Russian, without a value in the sentence as well', async (path, detail) => {
  const { errors } = (await ask(path, 'ru')).json;
  expect(errors).toMatchObject([{ code: 'invalid_parameter', detail: expect.stringMatching(detail) }]);
});

test('details of what a service refuses; the words of one that tells only English stay', async () => {
  const faults = [
    reject('backup_unknown', message`There is no backup ${'b'}`),
    reject('backup_unknown', 'Nothing of the kind'),
  ].flatMap((rejection) => rejection.faults);
  const refusing = await startGateway({
    answer: ({ fingerprint }) => ({ outcome: 'rejected', fingerprint, faults }),
  });
  const reply = await refusing.send(`/clients/${clientId}/reboot`, {
    method: 'POST',
    headers: { 'Accept-Language': 'ru' },
  });
  await refusing.stop();
  expect(reply.json.errors).toEqual([
    expect.objectContaining({ title: 'Такой резервной копии нет', detail: 'Резервной копии b нет' }),
    expect.objectContaining({ title: 'Такой резервной копии нет', detail: 'Nothing of the kind' }),
  ]);
});
