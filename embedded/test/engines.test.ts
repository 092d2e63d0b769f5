import { afterEach, expect, test } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually, temporaryDirectory } from '@alfa-cloud/testing';
import { connect } from '@nats-io/transport-node';
import { readAlfaCloudConfig } from '../src/config.ts';
import { startEngines } from '../src/engines.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const start = async () => {
  const directory = await temporaryDirectory('alfa-engines-');
  cleanup.push(() => directory.remove());
  const config = readAlfaCloudConfig({ PATH: process.env['PATH'], ALFA_DATA_DIR: directory.path });
  return startEngines(config, createLogger({ service: 'test', level: 'silent' }), cleanup);
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('engines that are killed come back at the same address with their data', async () => {
  const { natsUrl, eventStoreUrl, pids } = await start();
  const before = { ...pids };
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  cleanup.unshift(() => client.dispose());
  await client.appendToStream('a', jsonEvent({ type: 'Kept', data: {} }));
  for (const pid of Object.values(before)) process.kill(Number(pid), 'SIGKILL');

  await eventually('both engines run again', () => {
    expect(pids.nats).toEqual(expect.any(Number));
    expect(pids.eventStore).toEqual(expect.any(Number));
    expect({ ...pids }).not.toEqual(before);
    return true;
  });
  const types: string[] = [];
  await eventually('the event is there', async () => {
    types.length = 0;
    for await (const { event } of client.readStream('a')) types.push(event?.type ?? '');
    expect(types).toEqual(['Kept']);
    return true;
  });
  const connection = await connect({ servers: natsUrl, waitOnFirstConnect: true });
  expect(connection.info?.max_payload).toBe(8 * 1024 * 1024);
  await connection.close();
});

test('stopping leaves no process behind', async () => {
  const { pids } = await start();
  const { nats, eventStore } = pids;
  for (const step of cleanup.splice(0)) await step();
  expect([nats, eventStore].map((pid) => isAlive(Number(pid)))).toEqual([false, false]);
});
