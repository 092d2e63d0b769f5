import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type BulkPlanView,
  deriveId,
  type HistoryEntry,
  message,
  type OperationView,
  reasonOf,
  reject,
  say,
  told,
} from '@alfa-cloud/contracts';
import {
  basic,
  clientId,
  clientView,
  login,
  now,
  operationId,
  operationView,
  password,
  type RunningGateway,
  serverId,
  serverView,
  startGateway,
} from './support.ts';

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

const failure = reasonOf(message`Container ${'alfa-one'} was removed by somebody`);
const inRussian = 'Контейнер alfa-one кто-то удалил';
const notActive = { code: 'client_not_active', ...reasonOf(message`The client is ${'failed'}`) };
const failed: OperationView = {
  ...operationView,
  kind: 'clients.migrate',
  status: 'error',
  error: { code: 'container_gone', ...failure, step: null },
  result: {
    lost: 'No final backup was wanted: what the client had is gone for good, but for earlier backups',
  },
  progress: {
    total: 1,
    done: 1,
    failed: 1,
    running: 0,
    skippedTotal: 1,
    skipped: [{ clientId, ...notActive }],
    etaSeconds: null,
  },
};
const plan: BulkPlanView = {
  clients: [],
  total: 0,
  skipped: [{ clientId, slug: 'lab', ...notActive }],
  skippedTotal: 1,
  obstacles: [{ code: 'server_unknown', ...reasonOf(message`Server ${'s'} does not exist`) }],
  awayServers: [{ serverId, code: 'server_unreachable', ...reasonOf(message`Server ${'s'} does not exist`) }],
  canary: 0,
  waveSize: 1,
  stopAfter: 1,
};

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    queries: {
      GetOperation: async () => ({ result: { ...operationView, kind: 'client.reboot', steps: [step] } }),
      ListHistory: async () => ({
        result: {
          items: [
            entry,
            { ...entry, reason: failure.reason, ...(failure.message && { reasonMessage: failure.message }) },
            { ...entry, reason: 'Paid for a year' },
          ],
          total: 3,
        },
      }),
      ListOperations: async () => ({ result: { items: [failed], total: 1 } }),
      GetClient: async () => ({
        result: {
          ...clientView,
          failure: { code: 'container_gone', ...failure },
          available: false,
          unavailableReason: 'container is paused',
          unavailableMessage: message`container is ${'paused'}`,
          server: null,
        },
      }),
      GetServer: async () => ({
        result: {
          ...serverView,
          failure: { code: 'cancelled', reason: 'The preparation was cancelled on request' },
          health: 'down',
          healthReasons: [
            { code: 'container_missing', ...told(message`Container ${'alfa-proxy'} is not there`) },
            { code: 'older', detail: 'Something that a former version has told' },
          ],
        },
      }),
      PlanBulk: async () => ({ result: plan }),
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
  expect(reply.json.data).toMatchObject([
    { attributes: { summary, status: 'ok', durationMs: 1200, reason: null } },
    { attributes: { reason: inRussian } },
    { attributes: { reason: 'Paid for a year' } },
  ]);
});

test('why an operation failed, what was lost by wish, and why clients were left out', async () => {
  const reply = await ask('/operations', 'ru');
  expect(reply.json.data).toMatchObject([
    {
      attributes: {
        error: { code: 'container_gone', reason: inRussian, step: null },
        result: { lost: expect.stringMatching(/^Последняя резервная копия/) },
        progress: { skipped: [{ clientId, code: 'client_not_active', reason: 'Состояние клиента: failed' }] },
      },
    },
  ]);
  expect(JSON.stringify(reply.json)).not.toContain('template');
});

test('why a client failed and is not available', async () => {
  const reply = await ask(`/clients/${clientId}`, 'ru');
  expect(reply.json.data).toMatchObject({
    attributes: {
      failure: { code: 'container_gone', reason: inRussian },
      unavailableReason: 'контейнер в состоянии paused',
    },
  });
  expect((await ask(`/clients/${clientId}`)).json.data).toMatchObject({
    attributes: { failure: { reason: failure.reason }, unavailableReason: 'container is paused' },
  });
});

const healthReasons = [
  { code: 'container_missing', detail: 'Контейнера alfa-proxy нет' },
  { code: 'older', detail: 'Something that a former version has told' },
];

test('what is wrong with a server; English where a former version has told no more', async () => {
  const reply = await ask(`/servers/${serverId}`, 'ru');
  const { attributes } = reply.json.data as { attributes: Record<string, unknown> };
  expect(attributes['healthReasons']).toEqual(healthReasons);
  expect(attributes['failure']).toEqual({ code: 'cancelled', reason: 'Подготовка отменена по запросу' });
});

test('the same in the stream of a server, which says its language', async () => {
  const leaving = new AbortController();
  const response = await fetch(`${gateway.url}/servers/${serverId}`, {
    headers: {
      authorization: basic(login, password),
      accept: 'text/event-stream',
      'accept-language': 'ru',
    },
    signal: leaving.signal,
  });
  expect(response.headers.get('content-language')).toBe('ru');
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('healthReasons')) break;
  }
  leaving.abort();
  expect(text).toContain(JSON.stringify(healthReasons));
});

test('what a plan leaves out, and what speaks against it', async () => {
  const reply = await ask('/clients/migrate_all?dryRun=true', 'ru');
  expect(reply.json.data).toMatchObject({
    attributes: {
      skipped: [{ reason: 'Состояние клиента: failed' }],
      obstacles: [{ code: 'server_unknown', reason: 'Сервера s нет' }],
    },
  });
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
