import { expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveId, type Change } from '@alfa-cloud/contracts';
import { connectEventStore } from '@alfa-cloud/event-sourcing';
import { serverStory } from '@alfa-cloud/projector/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually, freePort, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { createAlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { createCaller } from './support/caller.ts';
import { startEventStoreProcess } from './support/event-store-process.ts';
import { readFeed } from './support/feed-reader.ts';

const password = 'Correct-Horse-7';
const cause = { commandId: 'command', correlationId: 'request', causationId: 'command', actor: 'admin' };

test('a reader that is cut off again and again, over restarts and a rebuild, shows what the lists show', async () => {
  await using directory = await temporaryDirectory('alfa-feed-');
  await using nats = await startNatsServer();
  const eventStore = await startEventStoreProcess(join(directory.path, 'events'));
  const store = connectEventStore({
    connectionString: eventStore.url,
    logger: createLogger({ service: 'test', level: 'silent' }),
    patienceMs: 20_000,
  });
  const config = readAlfaCloudConfig({
    PATH: process.env['PATH'],
    NATS_URL: nats.url,
    ESDB_URL: eventStore.url,
    ALFA_DATA_DIR: join(directory.path, 'data'),
    ALFA_HTTP_PORT: String(await freePort()),
    ALFA_OPERATIONS_PORT: '0',
    ALFA_SERVICES: 'api-gateway,projector',
    ALFA_ADMIN_PASSWORD: password,
    ALFA_LOG_LEVEL: 'silent',
  });
  let cloud = createAlfaCloud(config);
  try {
    await cloud.start();
    const call = createCaller(cloud.url, password);
    const write = async (name: string, ending: 'ok' | 'error' = 'ok'): Promise<void> => {
      const revisions = new Map<string, bigint>();
      for (const { stream, event } of serverStory(name, ending)) {
        const revision = revisions.get(stream);
        const id = deriveId(stream, String(revision ?? 'first'));
        const expectedRevision = revision ?? 'no_stream';
        const written = await store.append(stream, [{ id, event }], { expectedRevision, cause });
        revisions.set(stream, written.revision);
      }
    };

    /** What a screen shows that asks again for what it is told of, and for nothing else. */
    const shown = new Map<string, unknown>();
    const told: Change[] = [];
    const cursors: string[] = [];
    const follow = async (events: number): Promise<void> => {
      for await (const { name, id, data } of readFeed(cloud.url, password, cursors.at(-1))) {
        expect(name).not.toBe('reset');
        if (name === 'changes') {
          for (const change of data['changes'] as Change[]) {
            told.push(change);
            const { body } = await call('GET', `/${change.type}/${change.id}`);
            shown.set(`${change.type} ${change.id}`, body.data.attributes);
          }
          cursors.push(id);
          events -= 1;
        } else if (name === 'open') cursors.push(id);
        if (events <= 0) return;
      }
    };

    await follow(0);
    await Promise.all([write('one'), follow(1)]);
    await Promise.all([write('two', 'error'), write('three'), follow(1)]);
    await write('four');
    await cloud.stop();
    await write('five');
    await rm(join(config.dataDirectory, 'projector'), { recursive: true });
    cloud = createAlfaCloud(config);
    await cloud.start();
    await eventually('the read models are built', async () => (await call('GET', '/servers')).status === 200);
    await write('six');

    const list = async (path: string) =>
      (await call('GET', path)).body.data as { id: string; type: string }[];
    const all = async () => [
      ...(await list('/servers?filter[active]=all')),
      ...(await list('/operations?page[size]=100')),
    ];
    const keys = (await all()).map(({ type, id }) => `${type} ${id}`);
    expect(keys).toHaveLength(12);
    await eventually('everything was told', async () => {
      await follow(1);
      return keys.every((key) => shown.has(key));
    });
    // What came last is told by now, as nothing is written any more.
    const rest = (await call('GET', `/events/stream?page[after]=${cursors.at(-1)}`)).body.meta;
    const beforeRest = told.length;
    if (rest.changes.length > 0) await follow(1);
    expect(told.slice(beforeRest)).toEqual(rest.changes);
    const end = (await call('GET', `/events/stream?page[after]=${cursors.at(-1)}`)).body.meta;
    expect(end).toMatchObject({ changes: [], more: false, reset: null });

    for (const { id, type, attributes } of (await all()) as {
      id: string;
      type: string;
      attributes: never;
    }[]) {
      expect([type, id, shown.get(`${type} ${id}`)]).toEqual([type, id, attributes]);
    }
    const positions = cursors.map((cursor) => BigInt(cursor.split('-')[1] ?? ''));
    expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)));
    // Written between a cut and the return, so each came once.
    for (const name of ['four', 'five']) {
      expect(told.filter(({ id }) => id === deriveId('server', name))).toHaveLength(1);
    }
  } finally {
    await cloud.stop();
    await store.close();
    await eventStore.kill();
  }
});
