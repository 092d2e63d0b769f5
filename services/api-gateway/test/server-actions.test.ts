import { expect, test } from '@jest/globals';
import { reject, type ServerView, subjects } from '@alfa-cloud/contracts';
import { follow, type StreamEvent } from './event-stream.ts';
import { codesOf, gatewaysOfTest, now, operationId, serverId, serverView } from './support.ts';

const start = gatewaysOfTest();
const path = `/servers/${serverId}`;

test.each(['GET', 'POST'])('%s prepare: 202 with the operation', async (method) => {
  const gateway = await start({
    answer: ({ fingerprint }) => ({
      outcome: 'accepted',
      fingerprint,
      ids: { serverId, operationId },
      position: '4711',
    }),
  });
  const reply = await gateway.send(`${path}/prepare`, { method });
  expect(reply.status).toBe(202);
  expect(reply.json).toMatchObject({ data: { type: 'operations' } });
  expect(gateway.commands.sent).toMatchObject([{ name: 'PrepareServer', data: { serverId } }]);
});

test('prepare while it is being prepared: 409 with the operation that runs', async () => {
  const gateway = await start({
    answer: ({ fingerprint }) => ({
      outcome: 'rejected',
      fingerprint,
      faults: [{ code: 'operation_in_progress', detail: 'x', meta: { operationId } }],
    }),
  });
  const reply = await gateway.send(`${path}/prepare`, { method: 'POST' });
  expect([reply.status, ...codesOf(reply)]).toEqual([409, 'operation_in_progress']);
  expect(reply.json).toMatchObject({ errors: [{ meta: { operationId } }] });
});

test('prepare by a browser that fetches in advance is refused', async () => {
  const gateway = await start();
  const reply = await gateway.send(`${path}/prepare`, { headers: { 'sec-purpose': 'prefetch' } });
  expect([reply.status, ...codesOf(reply)]).toEqual([403, 'prefetch_refused']);
  expect(gateway.commands.sent).toEqual([]);
});

const sick: ServerView = {
  ...serverView,
  health: 'down',
  healthReasons: [{ code: 'container_missing', detail: 'Container alfa-proxy is not there' }],
};

test('a server tells its health, with reasons and age', async () => {
  const gateway = await start({ queries: { GetServer: async () => ({ result: sick }) } });
  const { json } = await gateway.send(path);
  expect(json).toMatchObject({
    data: { attributes: { health: 'down', healthReasons: sick.healthReasons, healthCheckedAt: now } },
  });
});

test('its changes are streamed, a further look that finds nothing new is not, and its removal ends the stream', async () => {
  let found: ServerView | null = serverView;
  const gateway = await start({
    queries: {
      GetServer: async () => {
        if (found === null) throw reject('gone', 'removed');
        return { result: found };
      },
    },
  });
  const nudge = () => gateway.feed.publish(subjects.serverChanged(serverId), {});
  const steps: (() => void)[] = [
    () => void (found = { ...serverView, healthCheckedAt: '2026-11-22T18:00:30.000Z' }),
    () => void (found = sick),
    () => void (found = null),
  ];
  const next = () => {
    steps.shift()?.();
    nudge();
  };
  const asked = () => gateway.asked.filter(({ name }) => name === 'GetServer').length;
  const onEvent = async ({ name }: StreamEvent) => {
    if (name === 'end') return;
    const before = asked();
    next();
    // The first change is no news, so no event asks for the second one.
    while (asked() === before) await new Promise(setImmediate);
    if (steps.length === 2) next();
  };
  const events = await follow(gateway.url + path, { onEvent: (event) => void onEvent(event) });
  expect(events.map(({ name }) => name)).toEqual(['server', 'server', 'end']);
  expect(events[1]?.data).toMatchObject({ type: 'servers', id: serverId, attributes: { health: 'down' } });
  const again = await gateway.send(path, {
    headers: { accept: 'text/event-stream', 'last-event-id': events.at(-1)?.id ?? '' },
  });
  expect(again.status).toBe(204);
});
