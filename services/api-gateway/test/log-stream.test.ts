import { expect, test } from '@jest/globals';
import { type LogEntry, type LogPage, type OperationStatus, reject, subjects } from '@alfa-cloud/contracts';
import { follow, type StreamEvent } from './event-stream.ts';
import { codesOf, gatewaysOfTest, now, operationId, unknownId } from './support.ts';

const start = gatewaysOfTest();
const path = `/operations/${operationId}/log`;
const pageSize = 3;

/** A log that the test writes on, read in small pages. */
const startLog = async (config: Parameters<typeof start>[0] = {}) => {
  const entries: LogEntry[] = [];
  let status: OperationStatus = 'running';
  let transfer: LogPage['transfer'] = null;
  const gateway = await start({
    ...config,
    queries: {
      GetOperationLog: async ({ id, after }) => {
        if (id !== operationId) throw reject('not_found', 'unknown');
        const from = after === null ? 0 : entries.findIndex(({ cursor }) => cursor === after) + 1;
        const page = entries.slice(from, from + pageSize);
        const more = from + pageSize < entries.length;
        return { result: { entries: page, cursor: page.at(-1)?.cursor ?? after, more, status, transfer } };
      },
    },
  });
  const nudge = () => gateway.feed.publish(subjects.operationChanged(operationId), {});
  return {
    gateway,
    /** A transfer is so far now, or has ended. */
    transferred: (now: LogPage['transfer']): void => {
      transfer = now;
      nudge();
    },
    write: (count: number, end?: OperationStatus): void => {
      for (let added = 0; added < count; added += 1) {
        const cursor = `${entries.length}-0`;
        entries.push({ cursor, at: now, step: null, level: 'info', message: `line ${entries.length}` });
      }
      if (end !== undefined) status = end;
      nudge();
    },
  };
};

const messages = (events: StreamEvent[]): unknown[] =>
  events.map(({ data }) => data['message'] ?? data['status']);

test('what is there and what comes is streamed, then the end', async () => {
  const { gateway, write } = await startLog();
  write(7);
  const reading = follow(gateway.url + path);
  while (gateway.asked.length < 3) await new Promise(setImmediate);
  write(2);
  write(1, 'ok');
  const events = await reading;
  expect(messages(events)).toEqual([...Array.from({ length: 10 }, (_, n) => `line ${n}`), 'ok']);
  expect(events.at(-1)).toMatchObject({ name: 'end', id: '9-0.end' });
});

test('how far a transfer has come is told each time that it was recorded, and no more once it has ended', async () => {
  const { gateway, write, transferred } = await startLog();
  const at = (seconds: number, bytes: number) => ({
    step: 'storage',
    at: new Date(Date.parse(now) + seconds * 1000).toISOString(),
    bytes,
    totalBytes: 9,
    bytesPerSecond: 1,
    etaSeconds: 9 - bytes,
  });
  write(1);
  transferred(at(0, 2));
  const reading = follow(gateway.url + path);
  const seen = async () => {
    const { length } = gateway.asked;
    while (gateway.asked.length === length) await new Promise(setImmediate);
  };
  while (gateway.asked.length < 1) await new Promise(setImmediate);
  const again = seen();
  write(1);
  await again;
  const later = seen();
  transferred(at(2, 5));
  await later;
  transferred(null);
  write(1, 'ok');
  const events = await reading;
  const transfers = events.filter(({ name }) => name === 'transfer');
  expect(transfers.map(({ id, data }) => [id, data['bytes']])).toEqual([
    ['0-0', 2],
    ['1-0', 5],
  ]);
  const rest = events.filter(({ name }) => name !== 'transfer');
  expect(messages(rest)).toEqual(['line 0', 'line 1', 'line 2', 'ok']);
});

test('a reader that is cut off again and again misses nothing and gets nothing twice', async () => {
  const { gateway, write } = await startLog();
  write(2);
  const all: StreamEvent[] = [];
  while (all.at(-1)?.name !== 'end') {
    const lastEventId = all.at(-1)?.id;
    all.push(
      ...(await follow(gateway.url + path, {
        ...(lastEventId === undefined ? {} : { lastEventId }),
        count: 1,
      })),
    );
    const done = all.length > 15;
    write(done ? 0 : 2, done ? 'error' : undefined);
  }
  const lines = messages(all).slice(0, -1);
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, n) => `line ${n}`));
  expect(messages(all).at(-1)).toBe('error');
});

test('who has seen the end is told not to come back', async () => {
  const { gateway } = await startLog();
  const reply = await gateway.send(path, {
    headers: { accept: 'text/event-stream', 'last-event-id': '4-0.end' },
  });
  expect([reply.status, reply.text]).toEqual([204, '']);
});

test('page[after] sets where a stream begins', async () => {
  const { gateway, write } = await startLog();
  write(4, 'ok');
  const events = await follow(`${gateway.url}${path}?page[after]=1-0`);
  expect(messages(events)).toEqual(['line 2', 'line 3', 'ok']);
});

test('faults are answered before a stream begins', async () => {
  const { gateway } = await startLog();
  const accept = { accept: 'text/event-stream' };
  const unknown = await gateway.send(`/operations/${unknownId}/log`, { headers: accept });
  expect([unknown.status, ...codesOf(unknown)]).toEqual([404, 'not_found']);
  const bad = await gateway.send(path, { headers: { ...accept, 'last-event-id': '../1' } });
  expect([bad.status, ...codesOf(bad)]).toEqual([400, 'invalid_header']);
  const elsewhere = await gateway.send('/clients', { headers: accept });
  expect(elsewhere.status).toBe(406);
});

test('streams are bounded, and one that ends makes room', async () => {
  const { gateway, write } = await startLog({ config: { streamsMax: 1 } });
  const reading = follow(gateway.url + path);
  while (gateway.asked.length < 1) await new Promise(setImmediate);
  const refused = await gateway.send(path, { headers: { accept: 'text/event-stream' } });
  expect([refused.status, ...codesOf(refused)]).toEqual([503, 'busy']);
  write(1, 'ok');
  expect(messages(await reading)).toEqual(['line 0', 'ok']);
  expect(messages(await follow(gateway.url + path))).toEqual(['line 0', 'ok']);
});

test('stopping ends streams without an end, so that their readers come back', async () => {
  const { gateway, write } = await startLog();
  write(1);
  const reading = follow(gateway.url + path);
  while (gateway.asked.length < 1) await new Promise(setImmediate);
  await gateway.gateway.stop();
  expect(messages(await reading)).toEqual(['line 0']);
});
