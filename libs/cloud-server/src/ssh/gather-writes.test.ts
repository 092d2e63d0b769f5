import { Duplex, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ClientChannel } from 'ssh2';
import { ChannelSocket } from './channel-socket.ts';
import { gatherWrites } from './gather-writes.ts';

test('what is written in one turn goes on in one piece, what is written in the next one by itself', async () => {
  const pieces: string[][] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pieces.push([chunk.toString()]);
      done();
    },
    writev(chunks: { chunk: Buffer }[], done) {
      pieces.push(chunks.map(({ chunk }) => chunk.toString()));
      done();
    },
  });
  gatherWrites(stream);
  // As an event begins; what a promise goes on with would be a turn of its own.
  globalThis.setImmediate(() => {
    stream.write('length');
    stream.write('packet');
    process.nextTick(() => stream.write('sum'));
  });
  globalThis.setImmediate(() => stream.write('next'));
  await setImmediate();
  expect(pieces).toEqual([['length', 'packet', 'sum'], ['next']]);
});

/** A channel, and what has been written to it: each chunk is a packet at least. */
const channelOf = () => {
  const packets: string[] = [];
  const channel = Object.assign(
    new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        packets.push(chunk.toString());
        done();
      },
      final(done) {
        packets.push('end');
        done();
      },
    }),
    { stderr: new Duplex({ read: () => undefined }), close: () => packets.push('close') },
  );
  return { channel: channel as unknown as ClientChannel, packets };
};

test('chunks of one turn share a packet, which goes before the end of the input', async () => {
  const { channel, packets } = channelOf();
  const socket = new ChannelSocket(channel);
  socket.write('a');
  socket.write('b');
  await setImmediate();
  socket.write('c');
  socket.end('d');
  await setImmediate();
  expect(packets).toEqual(['ab', 'cd', 'end']);
});

test('what was held when the connection was cut fails, and is not sent', async () => {
  const { channel, packets } = channelOf();
  const socket = new ChannelSocket(channel);
  const failures: unknown[] = [];
  socket.on('error', (error) => failures.push(error));
  socket.write('a', (error) => failures.push(error));
  socket.cut();
  await setImmediate();
  expect(packets).toEqual([]);
  expect(failures).toHaveLength(2);
});
