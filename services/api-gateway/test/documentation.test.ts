import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { deriveId, faultCatalogue, reject } from '@alfa-cloud/contracts';
import { gitHookPath } from '../src/hooks/serve-git-hook.ts';
import { requestFaults, statusOfKind } from '../src/http/problems.ts';
import {
  clientId,
  clientView,
  now,
  operationId,
  operationView,
  type RunningGateway,
  serverId,
  serverView,
  startGateway,
} from './support.ts';

const editions = ['api.md', 'api.ru.md'] as const;
const texts = new Map<string, string>();
const textOf = (edition: string): string => texts.get(edition) ?? '';

/** Ids that the documents' examples use, and what stands for them here. */
const ids = {
  '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90': clientId,
  '8e4d2a17-3c5b-4f6a-8b9e-1f0a2b3c4d5e': serverId,
  'c7a9e1b3-5d2f-4e8a-9c6b-0f1e2d3c4b5a': operationId,
};

let gateway: RunningGateway;
beforeAll(async () => {
  for (const edition of editions) {
    let text = await readFile(new URL(`../../../docs/${edition}`, import.meta.url), 'utf8');
    for (const [shown, id] of Object.entries(ids)) text = text.replaceAll(shown, id);
    texts.set(edition, text);
  }
  gateway = await startGateway({
    answer: ({ name, id, fingerprint }) =>
      name === 'EnableDemo'
        ? {
            outcome: 'rejected',
            fingerprint,
            faults: [
              {
                code: 'operation_in_progress',
                detail: 'Operation client.reboot of this client has not ended yet',
                meta: { operationId, kind: 'client.reboot' },
              },
            ],
          }
        : {
            outcome: 'accepted',
            fingerprint,
            ids: { operationId: deriveId(id, 'operation') },
            position: '4711',
          },
    queries: answers,
  });
});
afterAll(() => gateway.stop());

const eventId = deriveId('test', 'event');
const answers: NonNullable<NonNullable<Parameters<typeof startGateway>[0]>['queries']> = {
  GetClient: async () => ({
    result: { ...clientView, usersCount: 12, usersCountedAt: now, server: serverView },
  }),
  GetSshKey: async ({ id }) => ({
    result: { id, publicKey: 'ssh-ed25519 AAAA alfa-cloud', fingerprint: 'SHA256:x', createdAt: now },
  }),
  ListClients: async () => ({ result: { items: [clientView], total: 1, servers: [] } }),
  // Of the operations begun here only countings are there to be seen, and they have ended.
  GetOperation: async ({ id }) => {
    if (id === operationId) return { result: { ...operationView, status: 'error' } };
    if (gateway.commands.sent.at(-1)?.name !== 'CountUsers') throw reject('not_found', 'not yet');
    return { result: { ...operationView, id, kind: 'client.count_users', status: 'ok' } };
  },
  GetCreateLog: async () => ({
    result: {
      clientId,
      operationId,
      kind: 'client.create',
      completed: null,
      status: 'running',
      steps: [
        {
          name: 'reserve',
          status: 'ok',
          outcome: 'done',
          attempts: 1,
          startedAt: now,
          finishedAt: now,
          durationMs: 4,
        },
      ],
      error: null,
      transfer: null,
      entries: [{ cursor: '8-0', at: now, step: 'reserve', level: 'info', message: 'Reservation: done' }],
      cursor: '8-0',
      more: false,
    },
  }),
  GetContainerLog: async () => ({
    result: {
      lines: [
        { at: '2026-11-22T18:00:00.123456789Z', text: 'Started' },
        { at: '2026-11-22T18:00:01.000000001Z', text: 'GET /healthz 200' },
      ],
      cursor: '2026-11-22T18:00:01.000000001Z',
    },
  }),
  ListExpireDateChanges: async () => ({
    result: {
      items: [{ id: eventId, from: '2027-01-31', to: '2028-01-31', reason: 'paid', actor: 'admin', at: now }],
      total: 1,
    },
  }),
  ListHistory: async () => ({
    result: {
      items: [
        {
          id: eventId,
          at: now,
          actor: 'admin',
          kind: 'ClientExpireDateChanged',
          target: { type: 'client', id: clientId },
          summary: 'Last day of use extended',
          reason: 'paid',
          operationId,
          correlationId: 'request-1',
          commandId: eventId,
        },
      ],
      total: 1,
    },
  }),
};

const methodsAndPaths = /`((?:GET|POST|PUT|PATCH|DELETE|HEAD)(?:\\?\|[A-Z]+)*) (\/[^`\s?]*)/g;
const routesNamed = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(methodsAndPaths)].flatMap(([, methods = '', path = '']) =>
      methods.split(/\\?\|/).map((method) => `${method} ${path}`),
    ),
  );
/** The hook of the repository stands before the routes: neither credentials nor JSON:API are for it. */
const served = (): string[] =>
  [
    ...gateway.gateway.routes.map(({ method, path }) => `${method} ${path}`),
    `POST ${gitHookPath}`,
  ].toSorted();

test.each(editions)('every route stands in the table of %s, and no other route anywhere in it', (edition) => {
  const text = textOf(edition);
  const table = text.split('\n').filter((line) => line.startsWith('| `'));
  expect([...routesNamed(table.join('\n'))].toSorted()).toEqual(served());
  expect([...routesNamed(text)].toSorted()).toEqual(served());
});

test.each(editions)('every fault stands in the table of %s with its status, and no other', (edition) => {
  const rows = [...textOf(edition).matchAll(/^\| `([a-z_]+)` +\| +(\d{3}) +\| +\S/gm)];
  const expected = [
    ...Object.entries(requestFaults).map(([code, { status }]) => `${code} ${status}`),
    ...Object.entries(faultCatalogue).map(([code, { kind }]) => `${code} ${statusOfKind[kind]}`),
  ];
  expect(rows.map(([, code, status]) => `${code} ${status}`).toSorted()).toEqual(expected.toSorted());
});

interface Example {
  method: string;
  path: string;
  body: string;
  status: number;
  headers: string[];
  answer: unknown;
}

const examplesOf = (text: string): Example[] => {
  const blocks = [...text.matchAll(/```http\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return Array.from({ length: blocks.length / 2 }, (_, place) => {
    const [request = '', answer = ''] = [blocks[place * 2], blocks[place * 2 + 1]];
    const [, method = '', path = ''] = /^([A-Z]+) (\S+) HTTP\/1\.1\n/.exec(request) ?? [];
    const [head = '', ...content] = answer.split('\n\n');
    const [statusLine = '', ...headers] = head.split('\n');
    return {
      method,
      path,
      body: request.split('\n\n').slice(1).join('\n\n').trim(),
      status: Number(statusLine.split(' ')[1]),
      headers: headers.map((line) => line.split(':')[0]?.toLowerCase() ?? ''),
      answer: JSON.parse(content.join('\n\n')),
    };
  });
};

/** What an example shows must be there, of the same type; its values are made up, but for types, codes and kinds. */
const expectShown = (shown: unknown, actual: unknown, place: string): void => {
  if (shown === null) expect([place, actual]).toEqual([place, null]);
  else if (Array.isArray(shown)) {
    expect([place, Array.isArray(actual)]).toEqual([place, true]);
    shown.forEach((item, index) => expectShown(item, (actual as unknown[])[index], `${place}/${index}`));
  } else if (typeof shown === 'object') {
    expect([place, typeof actual]).toEqual([place, 'object']);
    for (const [name, member] of Object.entries(shown)) {
      expectShown(member, (actual as Record<string, unknown>)[name], `${place}/${name}`);
    }
  } else if (/\/(?:type|code|title|kind|pointer)$/.test(place)) {
    expect([place, actual]).toEqual([place, shown]);
  } else expect([place, typeof actual]).toEqual([place, typeof shown]);
};

test('the examples are answered as they say', async () => {
  const examples = examplesOf(textOf('api.md'));
  expect(examples.length).toBeGreaterThan(10);
  for (const { method, path, body, status, headers, answer } of examples) {
    const reply = await gateway.send(path, { method, ...(body === '' ? {} : { raw: body }) });
    expect([method, path, reply.status]).toEqual([method, path, status]);
    expect([path, Object.keys(reply.headers)]).toEqual([path, expect.arrayContaining(headers)]);
    expectShown(answer, reply.json, `${method} ${path} `);
  }
});

test('both editions have the same sections and the same examples', () => {
  const [english = '', russian = ''] = editions.map(textOf);
  const blocks = (text: string): string[] => text.match(/```[\s\S]*?```/g) ?? [];
  expect(blocks(russian)).toEqual(blocks(english));
  const headings = (text: string): number[] => (text.match(/^#+ /gm) ?? []).map(({ length }) => length);
  expect(headings(russian)).toEqual(headings(english));
  const parameters = (text: string): Set<string> =>
    new Set(text.match(/(?:filter|page|fields)\[[a-zA-Z]+\]/g));
  expect(parameters(russian)).toEqual(parameters(english));
});

test.each(editions)('%s names every query parameter and header that routes take', (edition) => {
  const text = textOf(edition);
  const names = new Set(
    gateway.gateway.routes.flatMap(({ parameters }) => Object.keys(parameters.properties)),
  );
  for (const name of [...names, 'Alfa-Position', 'Idempotency-Key', 'Prefer', 'Last-Event-ID']) {
    expect([name, text.includes(name)]).toEqual([name, true]);
  }
});
