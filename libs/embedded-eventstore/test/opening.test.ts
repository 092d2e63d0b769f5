import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreDBClient } from '@eventstore/db-client';
import { startEmbeddedEventStore } from '../src/index.ts';
import { collect, counted, failureOf, realServer, startProcess } from './support.ts';

const CLASSIC = { credentials: { username: 'admin', password: 'changeit' } };
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alfa-eventstore-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));
const file = () => join(directory, 'eventstore.db');
const start = () => startEmbeddedEventStore({ directory });

async function filled(events: number): Promise<void> {
  await using store = await start();
  const client = EventStoreDBClient.connectionString(store.connectionString);
  for (let n = 0; n < events; n += 500) await client.appendToStream('some', counted(500, n), CLASSIC);
  await client.dispose();
}

(realServer === undefined ? describe : describe.skip)('a directory', () => {
  test('is made when it is not there, and serves as a library too', async () => {
    await using store = await startEmbeddedEventStore({ directory: join(directory, 'a', 'b') });
    expect(store.connectionString).toBe(`esdb://127.0.0.1:${store.port}?tls=false`);
    const client = EventStoreDBClient.connectionString(store.connectionString);
    await client.appendToStream('some', counted(2), CLASSIC);
    expect(await collect(client.readStream('some'))).toHaveLength(2);
    await client.dispose();
  });

  test('belongs to one process at a time, also after the first one was killed', async () => {
    const first = await startProcess(directory);
    const failure = { code: 'directory_in_use', message: expect.stringContaining(directory) };
    expect(await failureOf(start())).toMatchObject(failure);
    await expect(startProcess(directory)).rejects.toThrow(
      /^exit 1: alfa-eventstore: .* in use by another .*\n$/,
    );
    await first.kill();
    const second = await startProcess(directory);
    expect(await failureOf(start())).toMatchObject(failure);
    await second.stop();
    await (await start()).stop();
  });

  test('belongs to one store at a time within a process', async () => {
    await using store = await start();
    expect(await failureOf(start())).toMatchObject({ code: 'directory_in_use' });
    expect(store.port).toBeGreaterThan(0);
  });

  test('that cannot be one is refused', async () => {
    const path = join(directory, 'file');
    await writeFile(path, '');
    expect(await failureOf(startEmbeddedEventStore({ directory: path }))).toMatchObject({
      code: 'directory_not_usable',
    });
  });
});

(realServer === undefined ? describe : describe.skip)('a file', () => {
  test('that is no database is refused and left alone', async () => {
    const content = 'this is no database, but long enough to look at. '.repeat(100);
    await writeFile(file(), content);
    expect(await failureOf(start())).toMatchObject({ code: 'not_an_event_store' });
    expect(await readFile(file(), 'utf8')).toBe(content);
  });

  test('that is a database of something else is refused and left alone', async () => {
    const other = new DatabaseSync(file());
    other.exec('CREATE TABLE customers (id INTEGER)');
    other.close();
    const before = await readFile(file());
    expect(await failureOf(start())).toMatchObject({ code: 'not_an_event_store' });
    expect(await readFile(file())).toEqual(before);
  });

  test('of a newer format is refused', async () => {
    await filled(0);
    const database = new DatabaseSync(file());
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await failureOf(start())).toMatchObject({
      code: 'newer_format',
      message: expect.stringMatching(/99/),
    });
  });

  test('that was cut off is refused', async () => {
    await filled(2000);
    const { size } = await stat(file());
    await truncate(file(), Math.floor(size / 2 / 4096) * 4096);
    expect(await failureOf(start())).toMatchObject({ code: 'corrupt' });
  });

  test('with rubbish in its middle is refused', async () => {
    await filled(2000);
    const { size } = await stat(file());
    const handle = await open(file(), 'r+');
    await handle.write(Buffer.alloc(8192, 0xa5), 0, 8192, Math.floor(size / 2 / 4096) * 4096);
    await handle.close();
    expect(await failureOf(start())).toMatchObject({ code: 'corrupt' });
  });

  test('that was refused is not held: put right, it opens', async () => {
    await writeFile(file(), 'rubbish'.repeat(1000));
    expect(await failureOf(start())).toMatchObject({ code: 'not_an_event_store' });
    await rm(file());
    await (await start()).stop();
  });
});

(realServer === undefined ? describe : describe.skip)('an address', () => {
  test('that is taken is refused, and the directory is free again', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const failure = await failureOf(startEmbeddedEventStore({ directory, port }));
    taken.close();
    expect(failure).toMatchObject({
      code: 'address_not_usable',
      message: expect.stringContaining(String(port)),
    });
    await (await start()).stop();
  });

  test('can be given', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    await using store = await startEmbeddedEventStore({ directory, port, host: 'localhost' });
    expect(store.connectionString).toBe(`esdb://localhost:${port}?tls=false`);
  });
});
