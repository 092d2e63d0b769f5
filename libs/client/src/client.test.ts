import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { FeedEvent } from './client-types.ts';
import { AlfaError, createClient } from './client.ts';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

const eventText = (name: string, id: string, data: unknown): string =>
  `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** Alfa Cloud with one stream after the other, each beginning with `open`; other requests are answered by an empty list. */
const cloud = () => {
  const streams: { write: (text: string) => void }[] = [];
  const positions: (string | null)[] = [];
  const alfa = createClient({
    url: 'http://cloud.test',
    login: 'admin',
    password: 'secret',
    fetch: async (address, init) => {
      if (typeof address !== 'string' || !address.includes('/events/stream')) {
        positions.push(new Headers(init?.headers).get('alfa-position'));
        return Response.json({ data: [] });
      }
      const signal = init?.signal;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const write = (text: string): void => controller.enqueue(new TextEncoder().encode(text));
          write(eventText('open', '1f3a9c02-7', {}));
          streams.push({ write });
          signal?.addEventListener('abort', () => controller.error(signal.reason));
        },
      });
      return new Response(body);
    },
  });
  return { alfa, streams, positions };
};

test('whoever takes long for an event is not cut off for it', async () => {
  const { alfa, streams } = cloud();
  const events: FeedEvent[] = [];
  for await (const event of alfa.followEvents()) {
    events.push(event);
    if (event.name !== 'open') break;
    await jest.advanceTimersByTimeAsync(10_000);
    streams[0]?.write(eventText('changes', '1f3a9c02-9', { changes: [] }));
  }
  expect(events.map(({ name }) => name)).toEqual(['open', 'changes']);
  expect(streams).toHaveLength(1);
});

test('what is read because the feed has begun is at least as new as its cursor', async () => {
  const { alfa, positions } = cloud();
  for await (const { name } of alfa.followEvents()) {
    if (name === 'open') await alfa.get('/clients');
    break;
  }
  expect(positions).toEqual(['7']);
});

test('what is read after a reset does not wait for a position of the event store of before', async () => {
  const { alfa, streams, positions } = cloud();
  for await (const { name } of alfa.followEvents()) {
    if (name === 'open') streams[0]?.write(eventText('reset', '2b4d8e13-3', { reason: 'unknown_cursor' }));
    else break;
  }
  await alfa.get('/clients');
  expect(positions).toEqual(['3']);
});

test('an action of a page that came over http has a key as well', async () => {
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
  const keys: (string | null)[] = [];
  const alfa = createClient({
    login: 'admin',
    password: 'secret',
    fetch: async (_address, init) => {
      keys.push(new Headers(init?.headers).get('idempotency-key'));
      return Response.json({ meta: {} });
    },
  });
  try {
    await alfa.request('POST', '/clients/{id}/reboot', { id: 'c1' });
    await alfa.request('POST', '/clients/{id}/reboot', { id: 'c1' });
  } finally {
    Reflect.deleteProperty(crypto, 'randomUUID');
  }
  expect(keys[0]).toMatch(/^\d+(-\d+){15}$/);
  expect(keys[1]).not.toBe(keys[0]);
});

test('what is shown after a silent cut is as old as what came last', async () => {
  const { alfa } = cloud();
  const begun = Date.now();
  const silent = async (): Promise<FeedEvent | undefined> => {
    for await (const event of alfa.followEvents()) if (event.name === 'away') return event;
    return undefined;
  };
  const away = silent();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(await away).toMatchObject({ name: 'away', since: new Date(begun) });
});

test('a log that is quiet is told from one that is away, and of a container that is gone nothing more is read', async () => {
  const texts = [
    'retry: 2000\n\n',
    eventText('lines', 'a', { lines: [{ at: 'a', text: 'one' }] }),
    ': still here\n\n',
    eventText('end', 'a;end', {}),
  ];
  const asked: (string | null)[] = [];
  const alfa = createClient({
    url: 'http://cloud.test',
    login: 'admin',
    password: 'secret',
    fetch: async (_address, init) => {
      asked.push(new Headers(init?.headers).get('last-event-id'));
      return new Response(texts.splice(0, 2).join(''));
    },
  });
  const told: string[] = [];
  const cursors: (string | null)[] = [];
  const read = (async () => {
    for await (const event of alfa.followContainerLog('c1')) {
      told.push(event.name === 'lines' ? event.lines.map(({ text }) => text).join() : event.name);
      cursors.push(event.cursor);
    }
  })();
  await jest.advanceTimersByTimeAsync(10_000);
  await read;
  expect(told).toEqual(['open', 'one', 'away', 'open']);
  expect(cursors).toEqual(['', 'a', 'a', 'a']);
  expect(asked).toEqual([null, 'a']);
});

test('what Alfa Cloud does not do is not done a little later either', () => {
  const passing = [429, 500, 501, 503].map((status) => new AlfaError('x', 'x', { status }).isPassing);
  expect(passing).toEqual([true, true, false, true]);
});

test('an operation is not waited for beyond the deadline, also when no answer comes at all', async () => {
  const alfa = createClient({
    url: 'http://cloud.test',
    login: 'admin',
    password: 'secret',
    fetch: (_address, init) =>
      new Promise((_resolve, reject) => {
        const signal = init?.signal;
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  jest.useRealTimers();
  await expect(alfa.waitForOperation('x', { deadlineMs: 200 })).rejects.toMatchObject({ code: 'deadline' });
}, 20_000);

test('a stream that is refused is asked for again when the server says, not before', async () => {
  let asked = 0;
  const alfa = createClient({
    url: 'http://cloud.test',
    login: 'admin',
    password: 'secret',
    fetch: async () => {
      asked += 1;
      return Response.json({ errors: [] }, { status: 503, headers: { 'retry-after': '20' } });
    },
  });
  const stop = new AbortController();
  const followed = (async () => {
    for await (const _event of alfa.followEvents({ signal: stop.signal }));
  })();
  await jest.advanceTimersByTimeAsync(19_000);
  expect(asked).toBe(1);
  await jest.advanceTimersByTimeAsync(2000);
  expect(asked).toBe(2);
  stop.abort(new Error('gone'));
  await expect(followed).rejects.toThrow('gone');
});

test('what a relationship tells of a resource that did not come along stands with its reference', async () => {
  const source = { type: 'clients', id: 'c1' };
  const relationships = { copyOf: { data: source, meta: { slug: 'gone', deleted: true } } };
  const alfa = createClient({
    login: 'admin',
    password: 'secret',
    fetch: async () => Response.json({ data: { type: 'clients', id: 'c2', relationships } }),
  });
  const { data } = await alfa.get('/clients/{id}', { id: 'c2' });
  expect(data).toEqual({
    type: 'clients',
    id: 'c2',
    copyOf: { ...source, meta: { slug: 'gone', deleted: true } },
  });
});

test('resources of one page that name each other are told as references, so that they can be printed and compared', async () => {
  const [source, copy] = [
    { type: 'clients', id: 'c1' },
    { type: 'clients', id: 'c2' },
  ];
  const alfa = createClient({
    login: 'admin',
    password: 'secret',
    fetch: async () =>
      Response.json({
        data: [
          { ...source, relationships: { copies: { data: [copy] } } },
          { ...copy, relationships: { copyOf: { data: source, meta: { slug: 'lab' } } } },
        ],
      }),
  });
  const { data } = await alfa.get('/clients');
  expect(JSON.parse(JSON.stringify(data))).toEqual([
    { ...source, copies: [copy] },
    { ...copy, copyOf: { ...source, meta: { slug: 'lab' } } },
  ]);
});
