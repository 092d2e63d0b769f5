import { Duplex, PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type Docker from 'dockerode';
import { runExecStream } from './exec-stream.ts';

/** As Docker carries the standard output. */
const frame = (text: string): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt8(1, 0);
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

/** An engine on which each command has ended already, and what stands around it reads its input to the end. */
const engineWhereAllHasEnded = (exitCode: number): Docker => {
  const connectionOf = (mark: string): Duplex => {
    const connection = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, done) => done(),
      final(done) {
        this.push(null);
        done();
      },
    });
    connection.push(frame(`said${mark}`));
    return connection;
  };
  const exec = async ({ Cmd }: { Cmd: string[] }) => ({
    start: async () => connectionOf(Cmd.find((word) => word.startsWith('alfa-end-')) ?? ''),
    inspect: async () => ({ Running: false, ExitCode: exitCode }),
  });
  return { getContainer: () => ({ exec }) } as unknown as Docker;
};

test('a command that has ended is not kept by an input that goes on and says nothing', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const request = { argv: ['false'], input, output };
  const idleMs = 5000;
  const { signal } = new AbortController();
  const ended = await runExecStream(engineWhereAllHasEnded(4), 'alfa-x', request, idleMs, signal);
  expect(ended).toEqual({ exitCode: 4, stderr: '' });
  expect([input.destroyed, output.read()?.toString()]).toEqual([true, 'said']);
});
