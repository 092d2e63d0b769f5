import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import type { DockerEngine } from '../src/index.ts';
import { plainSpec as spec } from './plain-spec.ts';
import { targets, type Target } from './targets.ts';

const name = 'alfa-x';
const megabyte = 1_000_000;
/** For whoever reads the output of a command that has ended. */
const dockerWaitsMs = 2000;

/** Counts what it takes, and takes nothing while it is shut. */
const gate = () => {
  const hash = createHash('sha256');
  let isOpen = false;
  let waiting: (() => void) | undefined;
  const taken = { bytes: 0 };
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      taken.bytes += chunk.length;
      hash.update(chunk);
      if (isOpen) done();
      else waiting = done;
    },
  });
  const open = () => {
    isOpen = true;
    waiting?.();
  };
  return { output, taken, open, digest: () => hash.digest('hex') };
};

const endless = (pulled: { bytes: number }): Readable => {
  const chunk = Buffer.alloc(65_536, 'x');
  return new Readable({
    read() {
      pulled.bytes += chunk.length;
      this.push(chunk);
    },
  });
};

/** When the value is the same as a moment before. */
const atRest = async (value: () => number): Promise<number> => {
  let before = -1;
  const look = () => {
    const now = value();
    const rests = now === before && now > 0;
    before = now;
    return rests ? now : undefined;
  };
  return eventually('it to come to rest', look, { intervalMs: 500 });
};

describe.each(targets)('%s', (_, start) => {
  let target: Target;
  let docker: DockerEngine;

  beforeAll(async () => {
    target = await start({ docker: true });
    ({ docker } = target.server);
    await docker.createContainer(name, spec);
    await docker.startContainer(name);
  }, 300_000);
  let ended: AbortController;
  beforeEach(() => {
    ended = new AbortController();
  });
  // What a failure leaves waiting would keep this process alive.
  afterEach(() => ended.abort(new Error('the test is over')));
  afterAll(() => target?.dispose());

  test('bytes of every kind pass unchanged in both directions', async () => {
    const data = randomBytes(20 * megabyte);
    const { output, open, taken, digest } = gate();
    open();
    const told: number[] = [];
    const request = {
      argv: ['sh', '-c', 'cat; echo done >&2; exit 3'],
      input: Readable.from([data]),
      output,
    };
    const result = await docker.execStream(name, { ...request, onProgress: (bytes) => told.push(bytes) });
    expect(result).toEqual({ exitCode: 3, stderr: 'done\n' });
    expect(taken.bytes).toBe(data.length);
    expect(digest()).toBe(createHash('sha256').update(data).digest('hex'));
    expect(told.at(-1)).toBe(2 * data.length);
    expect(output.writableFinished).toBe(true);
  });

  test('a command waits for whoever takes its output, in bounded memory', async () => {
    const { output, taken, open } = gate();
    const size = 120 * megabyte;
    const before = process.memoryUsage();
    const request = { argv: ['head', '-c', String(size), '/dev/zero'], output };
    const running = docker.execStream(name, request, { signal: ended.signal });
    running.catch(() => undefined);
    expect(await atRest(() => output.writableLength)).toBeLessThan(4 * megabyte);
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    expect(arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(40 * megabyte);
    expect((await docker.runningCommands(name)).flat()).toContain(String(size));
    open();
    expect(await running).toMatchObject({ exitCode: 0 });
    expect(taken.bytes).toBe(size);
  });

  test('who gives the input waits for a command that does not read it', async () => {
    const pulled = { bytes: 0 };
    const stopped = new AbortController();
    const request = { argv: ['sleep', '33'], input: endless(pulled) };
    const running = docker.execStream(name, request, { signal: stopped.signal });
    running.catch(() => undefined);
    expect(await atRest(() => pulled.bytes)).toBeLessThan(16 * megabyte);
    stopped.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(request.input.destroyed).toBe(true);
  });

  test('a command that ends before its input tells its exit code and stops the input', async () => {
    const input = endless({ bytes: 0 });
    const argv = ['sh', '-c', 'head -c 100000 > /dev/null; echo enough >&2; exit 4'];
    expect(await docker.execStream(name, { argv, input })).toEqual({ exitCode: 4, stderr: 'enough\n' });
    expect(input.destroyed).toBe(true);
  });

  test('an input that breaks is no success, though the command takes it for the end', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    input.write('half');
    output.once('data', () => input.destroy(new Error('broken')));
    const running = docker.execStream(name, { argv: ['cat'], input, output });
    await expect(running).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('broken'),
    });
    expect(output.errored).not.toBeNull();
    const closed = new PassThrough();
    closed.destroy();
    await expect(docker.execStream(name, { argv: ['cat'], input: closed })).rejects.toThrow('cut off');
  });

  test('an output that is closed ends the call', async () => {
    const output = new PassThrough();
    output.once('data', () => output.destroy());
    await expect(docker.execStream(name, { argv: ['yes'], output })).rejects.toThrow('gone');
    // The command goes on without its reader, as Docker has no call that ends it.
    await docker.exec(name, { argv: ['sh', '-c', 'kill $(pidof yes) || true'] });
  });

  test('what a late reader has not taken when the command has printed all is not lost', async () => {
    // What lies between the command and its reader depends on the transport: one of these sizes meets with it.
    const sizes = Array.from({ length: 40 }, (_, index) => megabyte + index * 100_000);
    const readers = sizes.map((size) => {
      const { output, open, taken } = gate();
      const argv = ['head', '-c', String(size), '/dev/zero'];
      const running = docker.execStream(name, { argv, output }, { signal: ended.signal });
      running.catch(() => undefined);
      return { output, open, taken, running };
    });
    await atRest(() => readers.reduce((sum, { output }) => sum + output.writableLength, 0));
    await sleep(dockerWaitsMs + 1000);
    for (const { open } of readers) open();
    const results = await Promise.all(readers.map(({ running }) => running));
    expect(results.map(({ exitCode }) => exitCode)).toEqual(sizes.map(() => 0));
    expect(readers.map(({ taken }) => taken.bytes)).toEqual(sizes);
  });

  test('two commands make a pipe', async () => {
    const pass = new PassThrough();
    const sum = new PassThrough();
    const [from, to] = await Promise.all([
      docker.execStream(name, { argv: ['sh', '-c', 'seq 1 1000000'], output: pass }),
      docker.execStream(name, { argv: ['wc', '-c'], input: pass, output: sum }),
    ]);
    expect([from.exitCode, to.exitCode, sum.read()?.toString()]).toEqual([0, 0, '6888896\n']);
  });

  test('silence ends it by its own deadline, the whole by another', async () => {
    const late = { kind: 'transient', code: 'deadline_exceeded' };
    const argv = ['sleep', '34'];
    await expect(docker.execStream(name, { argv }, { idleMs: 300 })).rejects.toMatchObject(late);
    await expect(docker.execStream(name, { argv }, { deadlineMs: 300 })).rejects.toMatchObject(late);
  });

  test('a container that is not there or does not run is told as with other commands', async () => {
    const output = new PassThrough();
    const absent = docker.execStream('alfa-none', { argv: ['true'], output });
    await expect(absent).rejects.toMatchObject({ code: 'not_found' });
    expect(output.destroyed).toBe(true);
  });

  test('a stream that is cut off is never a success', async () => {
    const cutOff = async () => target.cut?.();
    const cuts = [...(target.cut === undefined ? [] : [cutOff]), () => target.engine.kill()];
    for (const cut of cuts) {
      const output = new PassThrough();
      output.resume();
      // It ends by itself a moment later, with 0 and without its reader.
      const argv = ['sh', '-c', 'head -c 3000000 /dev/zero; sleep 1; head -c 100 /dev/zero'];
      const running = docker.execStream(name, { argv, output });
      const failure = running.then(
        () => null,
        (error: unknown) => error,
      );
      output.once('data', () => void cut());
      expect(await failure).toMatchObject({ kind: 'transient' });
      expect(output.errored).not.toBeNull();
    }
    await target.engine.start();
  });
});
