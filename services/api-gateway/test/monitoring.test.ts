import { afterEach, expect, test } from '@jest/globals';
import { reject, subjects, type MonitoringHistory, type ServerMonitoring } from '@alfa-cloud/contracts';
import { follow, type StreamEvent } from './event-stream.ts';
import { codesOf, now, type RunningGateway, serverId, startGateway, clientId } from './support.ts';

const path = `/servers/${serverId}/monitoring`;
const measured = {
  load: 0.5,
  cpu: null,
  capacity: { clients: 100, memoryBytes: null, cpus: null },
  checkedAt: now,
} as ServerMonitoring;
const history: MonitoringHistory = {
  from: now,
  to: now,
  stepSeconds: 60,
  at: [now],
  series: [{ of: 'server', about: null, metric: 'load', min: [null], avg: [null], max: [null] }],
};

let gateway: RunningGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});
const start = async (newest: () => ServerMonitoring): Promise<RunningGateway> => {
  gateway = await startGateway({
    queries: {
      GetServerMonitoring: async () => ({ result: newest() }),
      GetMonitoringHistory: async () => ({ result: history }),
    },
  });
  return gateway;
};

test('a range is asked for as it was said, and answered with the newest sample', async () => {
  const { send, asked } = await start(() => measured);
  const { json } = await send(
    `${path}?from=2026-11-22T18:00:00%2B01:00&to=2026-11-23T18:00:00Z&step=120&filter[client]=${clientId}`,
  );
  expect(asked.find(({ name }) => name === 'GetMonitoringHistory')?.request).toEqual({
    id: serverId,
    from: '2026-11-22T17:00:00.000Z',
    to: '2026-11-23T18:00:00.000Z',
    stepSeconds: 120,
    clientId,
  });
  expect(json.data).toMatchObject({
    type: 'monitoring',
    id: serverId,
    attributes: { ...history, current: { load: 0.5, memoryUsedBytes: null, checkedAt: now } },
  });
});

test.each([
  ['from=2026-11-23T18:00:00Z&to=2026-11-22T18:00:00Z', 'invalid_parameter'],
  ['step=0', 'invalid_parameter'],
  ['step=x', 'invalid_parameter'],
  ['from=yesterday', 'invalid_parameter'],
  ['every=1', 'unknown_parameter'],
])('%s is refused', async (query, code) => {
  const { send } = await start(() => measured);
  const reply = await send(`${path}?${query}`);
  expect([reply.status, ...codesOf(reply)]).toEqual([400, code]);
});

test('a server that is away is answered with what is kept', async () => {
  const { send } = await start(() => {
    throw reject('unavailable', 'away');
  });
  const reply = await send(path);
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({ attributes: { current: { load: null }, stepSeconds: 60 } });
});

test('each new sample is streamed once, and the removal of the server ends the stream', async () => {
  let found: ServerMonitoring | null = measured;
  const { url, feed, send } = await start(() => {
    if (found === null) throw reject('gone', 'removed');
    return found;
  });
  const steps = [{ ...measured, load: 0.7, checkedAt: '2026-11-22T18:00:30.000Z' }, null];
  const onEvent = ({ name }: StreamEvent) => {
    if (name === 'end') return;
    feed.publish(subjects.serverMeasured(serverId), {});
    found = steps.shift() ?? null;
    feed.publish(subjects.serverMeasured(serverId), {});
  };
  const events = await follow(url + path, { onEvent });
  expect(events.map(({ name }) => name)).toEqual(['monitoring', 'monitoring', 'end']);
  expect(events[1]?.data).toMatchObject({ type: 'monitoring', attributes: { current: { load: 0.7 } } });
  const last = { accept: 'text/event-stream', 'last-event-id': events.at(-1)?.id ?? '' };
  expect((await send(path, { headers: last })).status).toBe(204);
});

test('no more streams are open at once than allowed', async () => {
  gateway = await startGateway({
    config: { streamsMax: 0 },
    queries: { GetServerMonitoring: async () => ({ result: measured }) },
  });
  const reply = await gateway.send(path, { headers: { accept: 'text/event-stream' } });
  expect([reply.status, ...codesOf(reply)]).toEqual([503, 'busy']);
});
