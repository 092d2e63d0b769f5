import { expect, test } from '@jest/globals';
import { type FaultCode, reject } from '@alfa-cloud/contracts';
import { follow, type StreamEvent } from './event-stream.ts';
import { clientId, codesOf, gatewaysOfTest, type startGateway, unknownId } from './support.ts';

const start = gatewaysOfTest();
const path = `/clients/${clientId}/logs`;
const timeOf = (line: number): string => `2026-11-22T18:00:00.${String(line).padStart(9, '0')}Z`;

/** A container that writes what the test says; two lines share each moment. */
const startContainer = async (config: NonNullable<Parameters<typeof startGateway>[0]>['config'] = {}) => {
  const lines: { at: string; text: string }[] = [];
  const asked: { tail: number; after: string | null }[] = [];
  let fault: FaultCode | null = null;
  const gateway = await start({
    config,
    queries: {
      GetContainerLog: async ({ clientId: id, tail, after }) => {
        asked.push({ tail, after });
        if (id !== clientId) throw reject('not_found', 'unknown');
        if (fault !== null) throw reject(fault, 'x');
        const found =
          after === null ? lines.slice(-tail) : lines.filter(({ at }) => at > after).slice(0, tail);
        return { result: { lines: found, cursor: found.at(-1)?.at ?? after } };
      },
    },
  });
  return {
    gateway,
    asked,
    write: (count: number): void => {
      for (let added = 0; added < count; added += 1) {
        lines.push({ at: timeOf(Math.floor(lines.length / 2)), text: `line ${lines.length}` });
      }
    },
    failWith: (code: FaultCode | null): void => void (fault = code),
  };
};

const linesOf = ({ data }: StreamEvent): string[] =>
  ((data['lines'] ?? []) as { text: string }[]).map(({ text }) => text);
const written = (events: StreamEvent[]): string[] => events.flatMap(linesOf);
const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `line ${from + n}`);

test('the last lines, and with a cursor only what came after', async () => {
  const { gateway, asked, write } = await startContainer();
  const empty = await gateway.send(path);
  expect(empty.json).toMatchObject({
    data: { type: 'container-logs', id: clientId, attributes: { lines: [] } },
    meta: { cursor: null },
  });
  write(6);
  const last = await gateway.send(`${path}?tail=2`);
  expect(last.status).toBe(200);
  expect(last.json).toMatchObject({
    data: {
      attributes: {
        lines: [
          { at: timeOf(2), text: 'line 4' },
          { at: timeOf(2), text: 'line 5' },
        ],
      },
      links: { self: path },
    },
    meta: { cursor: timeOf(2) },
  });
  write(2);
  const next = await gateway.send(`${path}?page[after]=${timeOf(2)}`);
  expect(next.json.data).toMatchObject({ attributes: { lines: [{ text: 'line 6' }, { text: 'line 7' }] } });
  expect(asked).toEqual([
    { tail: 100, after: null },
    { tail: 2, after: null },
    { tail: 100, after: timeOf(2) },
  ]);
});

test.each([
  ['?tail=0', 'invalid_parameter', 'tail'],
  ['?tail=1001', 'invalid_parameter', 'tail'],
  ['?tail=all', 'invalid_parameter', 'tail'],
  ['?page[after]=2026-13-01T00:00:00Z', 'invalid_parameter', 'page[after]'],
  ['?page[after]=12-0', 'invalid_parameter', 'page[after]'],
  ['?page[after]=', 'invalid_parameter', 'page[after]'],
  ['?follow=true', 'unknown_parameter', 'follow'],
])('%s is refused, as a document and as a stream', async (query, code, parameter) => {
  const { gateway, asked } = await startContainer();
  for (const accept of ['application/vnd.api+json', 'text/event-stream']) {
    const reply = await gateway.send(path + query, { headers: { accept } });
    expect(reply.status).toBe(400);
    expect(reply.json.errors).toMatchObject([{ code, source: { parameter } }]);
  }
  expect(asked).toEqual([]);
});

test('what comes is streamed until the client is gone, and who saw the end is told not to come back', async () => {
  const { gateway, write, failWith } = await startContainer();
  write(4);
  const events = await follow(`${gateway.url}${path}?tail=2`, {
    onEvent: (event) => {
      if (linesOf(event).includes('line 3')) write(2);
      if (linesOf(event).includes('line 5')) failWith('gone');
    },
  });
  expect(written(events)).toEqual(numbered(4, 2));
  expect(events.at(-1)).toMatchObject({ name: 'end', id: `${timeOf(2)}.end` });
  const headers = { accept: 'text/event-stream', 'last-event-id': `${timeOf(2)}.end` };
  const again = await gateway.send(path, { headers });
  expect([again.status, again.text]).toEqual([204, '']);
});

test('a reader that is cut off again and again misses nothing and gets nothing twice', async () => {
  const { gateway, write } = await startContainer();
  write(3 * 2);
  const all: StreamEvent[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const lastEventId = all.at(-1)?.id;
    const more = lastEventId === undefined ? {} : { lastEventId };
    all.push(...(await follow(gateway.url + path, { ...more, count: 1 })));
    write(4);
  }
  expect(written(all)).toEqual(numbered(6 + 5 * 4));
  expect(all).toHaveLength(6);
});

test('a burst is read to its end, in several events', async () => {
  const { gateway, asked, write } = await startContainer();
  write(2);
  const events = await follow(gateway.url + path, {
    count: 4,
    onEvent: (event) => {
      if (linesOf(event).includes('line 1')) write(2400);
    },
  });
  expect(events.map((event) => linesOf(event).length)).toEqual([2, 1000, 1000, 400]);
  expect(written(events)).toEqual(numbered(2402));
  expect(asked.slice(0, 2)).toEqual([
    { tail: 100, after: null },
    { tail: 1000, after: timeOf(0) },
  ]);
});

test('a server that can not be reached for a while is waited for', async () => {
  const { gateway, asked, write, failWith } = await startContainer();
  write(2);
  const reading = follow(gateway.url + path, {
    count: 2,
    onEvent: (event) => {
      if (!linesOf(event).includes('line 1')) return;
      failWith('server_unreachable');
      write(2);
    },
  });
  while (asked.length < 3) await new Promise(setImmediate);
  failWith(null);
  expect(written(await reading)).toEqual(numbered(4));
});

test('faults are answered before a stream begins', async () => {
  const { gateway, failWith } = await startContainer();
  const accept = { accept: 'text/event-stream' };
  const unknown = await gateway.send(`/clients/${unknownId}/logs`, { headers: accept });
  expect([unknown.status, ...codesOf(unknown)]).toEqual([404, 'not_found']);
  const bad = await gateway.send(path, { headers: { ...accept, 'last-event-id': '12-0' } });
  expect(bad.status).toBe(400);
  expect(bad.json.errors).toMatchObject([{ code: 'invalid_header', source: { header: 'Last-Event-ID' } }]);
  failWith('server_unreachable');
  const away = await gateway.send(path, { headers: accept });
  expect([away.status, away.headers['retry-after']]).toEqual([503, '5']);
});

test('streams are bounded, and one whose reader has gone makes room', async () => {
  const { gateway, write } = await startContainer({ streamsMax: 1 });
  write(2);
  let refused: Promise<[number, ...unknown[]]> | undefined;
  const headers = { accept: 'text/event-stream' };
  await follow(gateway.url + path, {
    onEvent: () => {
      refused ??= gateway.send(path, { headers }).then((reply) => [reply.status, ...codesOf(reply)]);
      void refused.then(() => write(2));
    },
    count: 2,
  });
  expect(await refused).toEqual([503, 'busy']);
  expect(written(await followUntilTaken(gateway.url + path))).toContain('line 0');
});

/** The place of a reader that has gone is free when the gateway has noticed that it went. */
const followUntilTaken = async (url: string): Promise<StreamEvent[]> => {
  for (;;) {
    try {
      return await follow(url, { count: 1 });
    } catch {
      await new Promise(setImmediate);
    }
  }
};

test('stopping ends streams without an end, so that their readers come back', async () => {
  const { gateway, write } = await startContainer();
  write(2);
  const stopping: Promise<void>[] = [];
  const events = await follow(gateway.url + path, {
    onEvent: () => void stopping.push(gateway.gateway.stop()),
  });
  await Promise.all(stopping);
  expect(written(events)).toEqual(numbered(2));
  expect(events.map(({ name }) => name)).toEqual(['lines']);
});
