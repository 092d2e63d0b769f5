import { reject, subjects, type Queries } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { gate, Rig } from './support.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

type ServerResult = Queries['GetServer']['result'];
const server = (id: string) => ({ id, name: 'Сервер «один» 🚀' }) as ServerResult;

test('a query is answered by one of the replicas, with its position and staleness', async () => {
  const { queries } = await rig.connect();
  const positions: (bigint | null)[] = [];
  for (let replica = 0; replica < 2; replica += 1)
    await (
      await rig.connect()
    ).serveQueries('projector', {
      async GetServer({ id }, { minPosition }) {
        positions.push(minPosition);
        const text = id === 'c' ? { text: [Buffer.from('[\n"Сервер"'), Buffer.from('\n]')] } : {};
        return { result: server(id), stale: minPosition !== null, ...text };
      },
      GetOperation: async ({ id }) => ({ resultJson: JSON.stringify({ id }) }),
    });
  expect(await queries.ask('GetServer', { id: 'a' })).toEqual({ result: server('a'), stale: false });
  expect(await queries.ask('GetServer', { id: 'a' }, { minPosition: '9223372036854775808' })).toEqual({
    result: server('a'),
    stale: true,
  });
  expect(await queries.ask('GetOperation', { id: 'b' })).toEqual({ result: { id: 'b' }, stale: false });
  const { text = new Uint8Array(), ...answer } = await queries.ask(
    'GetServer',
    { id: 'c' },
    { minPosition: '1' },
  );
  expect(answer).toEqual({ result: server('c'), stale: true });
  expect(Buffer.from(text).toString()).toBe('[\n"Сервер"\n]');
  expect(positions).toEqual([null, 9223372036854775808n, 1n]);
});

test('faults of the question come as a rejection; errors of the answering side as internal, without their text', async () => {
  const asker = await rig.connect();
  await (
    await rig.connect()
  ).serveQueries('projector', {
    async GetServer({ id }) {
      if (id === 'broken') throw new Error('password=hunter2');
      throw reject('not_found', `There is no server ${id}`);
    },
  });
  await expect(asker.queries.ask('GetServer', { id: 'x' })).rejects.toMatchObject({
    name: 'Rejection',
    faults: [{ code: 'not_found', detail: 'There is no server x' }],
  });
  const failure = await asker.queries.ask('GetServer', { id: 'broken' }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    faults: [{ code: 'internal', meta: { correlation: expect.any(String) } }],
  });
  expect(JSON.stringify(failure)).not.toContain('hunter2');
  await expect(asker.queries.ask('GetServer', { id: 'x' }, { minPosition: '-1' })).rejects.toMatchObject({
    faults: [{ code: 'validation_failed', parameter: 'minPosition' }],
  });
  const answer = await (await rig.bareConnection()).request(subjects.query('GetServer'), 'not json');
  expect(answer.json()).toMatchObject({ faults: [{ code: 'validation_failed' }] });
});

test('when nobody is there to answer, the asker knows at once; when nobody answers, after its time', async () => {
  const asker = await rig.connect();
  await expect(asker.queries.ask('GetClient', { id: 'x' }, { timeoutMs: 60_000 })).rejects.toMatchObject({
    name: 'MessagingUnavailable',
    message: 'Nobody answers GetClient',
  });
  await (
    await rig.connect()
  ).serveQueries('projector', {
    GetServer: async () => {
      await gate().passed;
      throw new Error('not reached');
    },
  });
  await expect(asker.queries.ask('GetServer', { id: 'x' }, { timeoutMs: 100 })).rejects.toMatchObject({
    name: 'MessagingUnavailable',
    message: 'GetServer was not answered within 100 ms',
  });
  const controller = new AbortController();
  const asked = asker.queries.ask('GetServer', { id: 'x' }, { signal: controller.signal });
  controller.abort(new Error('The caller left'));
  await expect(asked).rejects.toThrow('The caller left');
});

test('questions and answers beyond what NATS carries are clear faults', async () => {
  const asker = await rig.connect();
  await (
    await rig.connect()
  ).serveQueries('projector', {
    GetServer: async () => ({ resultJson: JSON.stringify('x'.repeat(2_000_000)) }),
  });
  await expect(asker.queries.ask('GetServer', { id: 'x' })).rejects.toMatchObject({
    faults: [
      { code: 'internal', detail: 'The answer is too large to be sent: ask for fewer resources on a page' },
    ],
  });
  await expect(asker.queries.ask('GetServer', { id: 'x'.repeat(2_000_000) })).rejects.toMatchObject({
    faults: [{ code: 'validation_failed' }],
  });
});

test('at most so many run and so many wait; the rest is told to try again', async () => {
  const asker = await rig.connect();
  const end = gate();
  let running = 0;
  await (
    await rig.connect()
  ).serveQueries(
    'projector',
    {
      async GetServer({ id }) {
        running += 1;
        await end.passed;
        return { result: server(id) };
      },
    },
    { concurrency: 2, maxQueued: 3 },
  );
  const asked = Array.from({ length: 8 }, (_, id) => asker.queries.ask('GetServer', { id: String(id) }));
  const outcomes = Promise.allSettled(asked);
  await expect(asked[7]).rejects.toMatchObject({ faults: [{ code: 'unavailable' }] });
  expect(running).toBe(2);
  end.open();
  expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
});

test('a question asked while NATS restarts is answered once both sides are back', async () => {
  const asker = await rig.connect();
  const answerer = await rig.connect();
  await answerer.serveQueries('projector', { GetServer: async ({ id }) => ({ result: server(id) }) });
  await rig.nats.kill();
  const asked = asker.queries.ask('GetServer', { id: 'a' }, { timeoutMs: 20_000 });
  await rig.nats.start();
  expect(await asked).toEqual({ result: server('a'), stale: false });
});

test('a question under way when NATS breaks off is asked again, well before its time is over', async () => {
  const asker = await rig.connect();
  const answerer = await rig.connect();
  let times = 0;
  await answerer.serveQueries('projector', {
    async GetServer({ id }) {
      times += 1;
      if (times === 1) await gate().passed;
      return { result: server(id) };
    },
  });
  const asked = asker.queries.ask('GetServer', { id: 'a' }, { timeoutMs: 3_600_000 });
  await eventually('the question to arrive', () => times === 1);
  await rig.nats.kill();
  await rig.nats.start();
  expect(await asked).toEqual({ result: server('a'), stale: false });
  expect(times).toBe(2);
});

test('each of many questions asked at once gets its own answer, whatever their order', async () => {
  const asker = await rig.connect();
  const ends = Array.from({ length: 50 }, () => gate());
  await (
    await rig.connect()
  ).serveQueries('projector', {
    async GetServer({ id }) {
      await ends[Number(id)]?.passed;
      return { result: server(id) };
    },
  });
  const asked = ends.map((_, id) => asker.queries.ask('GetServer', { id: String(id) }));
  for (const end of ends.toReversed()) end.open();
  expect((await Promise.all(asked)).map(({ result }) => result.id)).toEqual(ends.map((_, id) => String(id)));
});

test('stopping answers what was asked before and takes nothing more', async () => {
  const asker = await rig.connect();
  const end = gate();
  let running = 0;
  const answerer = await rig.connect();
  const serving = await answerer.serveQueries('projector', {
    async GetServer({ id }) {
      running += 1;
      await end.passed;
      return { result: server(id) };
    },
  });
  const asked = asker.queries.ask('GetServer', { id: 'a' });
  await eventually('the question to arrive', () => running === 1);
  const stopped = serving.stop();
  end.open();
  expect(await asked).toMatchObject({ stale: false });
  await stopped;
  await expect(asker.queries.ask('GetServer', { id: 'a' })).rejects.toThrow('Nobody answers');
});

test('the feed carries messages to everybody who listens, and a bad message harms nobody', async () => {
  const talker = await rig.connect();
  const bare = await rig.bareConnection();
  const listener = await rig.connect();
  const heard: unknown[] = [];
  const stop = listener.feed.subscribe('alfa.feed.operations.*', (message) => heard.push(message));
  await listener.check();
  bare.publish(subjects.operationChanged('a'), '{not json');
  await bare.flush();
  talker.feed.publish(subjects.operationChanged('a'), { revision: 1 });
  talker.feed.publish(subjects.operationChanged('b'), { revision: 2 });
  await eventually('both', () => heard.length === 2);
  expect(heard).toEqual([{ revision: 1 }, { revision: 2 }]);
  stop();
  await listener.check();
  talker.feed.publish(subjects.operationChanged('a'), { revision: 3 });
  await talker.check();
  await listener.check();
  expect(heard).toHaveLength(2);
});
