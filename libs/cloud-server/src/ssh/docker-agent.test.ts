import { request, type Agent } from 'node:http';
import { Duplex, PassThrough } from 'node:stream';
import { afterEach, expect, jest, test } from '@jest/globals';
import type { ClientChannel } from 'ssh2';
import { ChannelSocket } from './channel-socket.ts';
import { DockerAgent } from './docker-agent.ts';
import type { DockerRoute } from './docker-route.ts';
import type { SshConnection } from './ssh-connection.ts';

/** A channel that answers each request; the other side may end it. */
class Channel extends Duplex {
  readonly stderr = new PassThrough();
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    this.push('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    done();
  }
  /** As sshd tells that the engine has ended the connection: our half stays open. */
  endThere(): void {
    this.push(null);
  }
  close(): void {
    this.destroy();
  }
}

const open = () => {
  const channels: Channel[] = [];
  let isCut = false;
  const live = { isPressed: false, onPressure: () => undefined };
  const connection = { server: 'a server', live: async () => live } as unknown as SshConnection;
  const route = {
    async open() {
      const channel = new Channel({ allowHalfOpen: true });
      channels.push(channel);
      const socket = new ChannelSocket(channel as unknown as ClientChannel);
      if (isCut) {
        socket.cut();
        await settled();
      }
      return socket;
    },
  } as unknown as DockerRoute;
  return { channels, agent: new DockerAgent(connection, route), cutAtOnce: () => (isCut = true) };
};

const ask = (agent: Agent): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request({ agent, host: 'docker', path: '/_ping' }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    asked.once('error', reject);
    asked.end();
  });

/** Until what was begun has gone through the streams. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => void jest.useRealTimers());

test('a connection is used for the next call', async () => {
  const { channels, agent } = open();
  for (let call = 0; call < 3; call += 1) {
    expect(await ask(agent)).toBe(200);
    await settled();
  }
  expect(channels).toHaveLength(1);
});

test('one that Docker has ended meanwhile is not', async () => {
  const { channels, agent } = open();
  await ask(agent);
  await settled();
  channels[0]?.endThere();
  await settled();
  expect(await ask(agent)).toBe(200);
  expect(channels).toHaveLength(2);
  expect(channels[0]?.destroyed).toBe(true);
});

test('nor one on which nothing was asked for a minute', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const { channels, agent } = open();
  await ask(agent);
  await settled();
  jest.advanceTimersByTime(59_000);
  await ask(agent);
  await settled();
  jest.advanceTimersByTime(59_000);
  expect([await ask(agent), channels.length]).toEqual([200, 1]);
  await settled();
  jest.advanceTimersByTime(60_000);
  await settled();
  expect([await ask(agent), channels.length]).toEqual([200, 2]);
});

test('a connection that is cut before it is handed over fails the call, and not the process', async () => {
  const { agent, cutAtOnce } = open();
  cutAtOnce();
  await expect(ask(agent)).rejects.toMatchObject({ code: 'ECONNRESET' });
});
