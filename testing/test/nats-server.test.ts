import { existsSync } from 'node:fs';

import { expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { startNatsServer, temporaryDirectory } from '../src/index.ts';

it('keeps a stream over a kill and a stop, on the same port', async () => {
  await using server = await startNatsServer();
  const publish = async (text: string) => {
    const connection = await connect({ servers: server.url });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'FACTS', subjects: ['facts'] });
    const { seq } = await jetstream(connection).publish('facts', text);
    await connection.close();
    return seq;
  };
  expect(await publish('one')).toBe(1);
  await server.kill();
  await server.start();
  expect(await publish('two')).toBe(2);
  await server.stop();
  await server.start();
  expect(await publish('three')).toBe(3);
});

it('removes its own directory and leaves one that was given', async () => {
  const own = await startNatsServer();
  await own[Symbol.asyncDispose]();
  expect(existsSync(own.directory)).toBe(false);

  await using directory = await temporaryDirectory();
  const given = await startNatsServer({ directory: directory.path });
  await given[Symbol.asyncDispose]();
  expect(existsSync(directory.path)).toBe(true);
});

it('says so when it cannot start', async () => {
  await using first = await startNatsServer();
  await expect(startNatsServer({ port: first.port })).rejects.toThrow(/ended before it was ready/);
});
