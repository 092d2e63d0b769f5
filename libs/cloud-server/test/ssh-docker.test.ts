import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { eventually, startFarm, temporaryDirectory, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { connectSshServer, SshConnection, type SshCloudServer, type SshServerOptions } from '../src/index.ts';
import { sshCommands } from '../src/ssh/commands.ts';
import { DockerAgent } from '../src/ssh/docker-agent.ts';
import { DockerRoute } from '../src/ssh/docker-route.ts';
import { plainSpec } from './plain-spec.ts';

const execute = promisify(execFile);
const name = 'alfa-x';

let farm: Farm;
let machine: FarmServer;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  farm = await startFarm([{ docker: true }]);
  machine = farm.servers[0] as FarmServer;
  const server = connect();
  const argv = ['sh', '-c', 'while :; do echo tick; sleep 0.1; done'];
  await server.docker.createContainer(name, { ...plainSpec, argv });
  await server.docker.startContainer(name);
}, 300_000);
afterAll(() => farm?.dispose());
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const login = () => ({ credentials: async () => farm.keys.ed25519, host: machine.address, username: 'alfa' });
const connect = (options: Partial<SshServerOptions> = {}): SshCloudServer => {
  const server = connectSshServer({ ...login(), root: machine.root, ...options });
  open.push(server);
  return server;
};
const withSshd = async (settings: string[], act: () => Promise<void>): Promise<void> => {
  await machine.restartSshd(settings);
  try {
    await act();
  } finally {
    await machine.restartSshd([]);
  }
};
/**
 * Connections to the engine's API that are open on the server. Where nobody is on the other side (`* 0`) is an exec that is over: Docker 20.10
 * keeps its end of it, over a local socket too.
 */
const apiConnections = async (): Promise<number> => {
  const lines = await machine.run('ss', '-Hxn', 'state', 'established');
  return lines.split('\n').filter((line) => /\/run\/docker\.sock .*\* [1-9]/.test(line)).length;
};
const follow = (server: SshCloudServer, signal: AbortSignal) => {
  const opened = Promise.withResolvers<void>();
  const nothing = () => undefined;
  const following = server.docker.followEvents({
    labels: [],
    signal,
    onOpen: opened.resolve,
    onEvent: nothing,
  });
  following.catch(opened.reject);
  return { opened: opened.promise, following };
};

describe('the way to Docker', () => {
  const words = async (server: SshCloudServer) => {
    const result = await server.docker.exec(name, { argv: ['wc', '-c'], stdin: 'x'.repeat(3_000_000) });
    expect(result.stdout).toBe('3000000\n');
    return server.access.dockerWays.map(
      ({ way, failure }) => `${failure === null ? 'ok' : 'failed'}: ${way}`,
    );
  };
  const forwarded = 'forwarded socket /var/run/docker.sock';
  const dialled = 'docker system dial-stdio on /var/run/docker.sock';

  test('is a forwarded socket', async () => {
    expect(await words(connect())).toEqual([`ok: ${forwarded}`]);
  });

  test('is docker system dial-stdio where sockets are not forwarded, and two sessions are enough', async () => {
    await withSshd(['AllowStreamLocalForwarding no', 'MaxSessions 2'], async () => {
      const server = connect();
      expect(await words(server)).toEqual([`failed: ${forwarded}`, `ok: ${dialled}`]);
      const { signal } = new AbortController();
      const followed = new AbortController();
      const { opened, following } = follow(server, followed.signal);
      await opened;
      await Promise.all([
        server.files.writeAtomic('file', 'x', { mode: 0o600, signal }),
        server.docker.exec(name, { argv: ['true'] }),
        server.docker.info(),
        server.commands.run({ argv: ['true'] }),
      ]);
      followed.abort();
      await following;
    });
  });

  test('is sudo where the user is not in group docker', async () => {
    const server = connect({ username: 'ops' });
    expect(await words(server)).toEqual([`failed: ${forwarded}`, `ok: sudo -n ${dialled}`]);
  });

  test('is the socket of a rootless engine', async () => {
    // What such an engine is to its user: a socket of his own, here with the real engine behind it.
    const socket = '/run/user/2003/docker.sock';
    const relay = `const { connect, createServer } = require('node:net');
      const halves = { allowHalfOpen: true };
      const engine = () => connect({ path: '/run/docker.sock', ...halves });
      createServer(halves, (from) => from.pipe(engine()).pipe(from)).listen('${socket}');`;
    const begin = '"$0" -e "$1" >/dev/null 2>&1 & echo $!';
    const pid = await machine.run('sh', '-c', begin, process.execPath, relay);
    await eventually('the socket', () => machine.run('chown', 'guest', socket).then(() => true));
    const server = connect({ username: 'guest' });
    expect(await words(server)).toEqual([`failed: ${forwarded}`, `ok: forwarded socket ${socket}`]);
    await machine.run('sh', '-c', 'kill "$0"; rm "$1"', pid.trim(), socket);
  });

  test('is missing for a user who may nothing, which is told as it is', async () => {
    await expect(connect({ username: 'guest' }).docker.ping()).rejects.toMatchObject({
      kind: 'final',
      code: 'docker_refused',
      message: expect.stringContaining(
        'guest is not in group docker and may not use sudo without a password',
      ),
    });
  });

  test('is found again when the engine is back', async () => {
    const server = connect();
    await server.docker.ping();
    await machine.engine.stop();
    await expect(server.docker.ping()).rejects.toMatchObject({
      kind: 'transient',
      code: 'docker_unreachable',
    });
    await machine.engine.start();
    await server.docker.ping();
    await server.docker.startContainer(name);
  });
});

test('a published port is reached through the connection, or directly where nothing is forwarded', async () => {
  const ask = () => connect().get({ port: 8099, host: 'x', path: '/' });
  const { docker } = connect();
  const argv = [
    'sh',
    '-c',
    'echo "server { listen 80; return 204; }" >/etc/nginx/conf.d/x.conf; exec nginx -g "daemon off;"',
  ];
  const ports = [{ containerPort: 80, hostPort: 8099 }];
  await docker.createContainer('alfa-port', { ...plainSpec, argv, ports });
  await docker.startContainer('alfa-port');
  await eventually('its answer', async () => (await ask()).status === 204);
  await withSshd(['AllowTcpForwarding local', 'PermitOpen none'], async () => {
    expect((await ask()).status).toBe(204);
  });
  await connect().docker.removeContainer('alfa-port');
});

describe('connections to Docker', () => {
  /** dockerode itself, for what the port has no words for. */
  const dockerode = (): Docker => {
    const connection = new SshConnection(login());
    open.push(connection);
    const agent = new DockerAgent(connection, new DockerRoute(connection, sshCommands(connection)));
    const options = { protocol: 'http' as const, host: 'localhost', port: 80, agent };
    return new Docker(options);
  };

  test('are bounded, used again and none is left over', async () => {
    const before = await apiConnections();
    const server = connect();
    const docker = dockerode();
    const followed = new AbortController();
    const followers = Array.from({ length: 20 }, () => follow(server, followed.signal));
    await Promise.all(followers.map(({ opened }) => opened));
    const logs = await Promise.all(
      Array.from({ length: 20 }, () =>
        docker.getContainer(name).logs({ follow: true, stdout: true, tail: 1 }),
      ),
    );
    await Promise.all(logs.map((stream) => once(stream, 'data')));
    const calls = Array.from({ length: 100 }, () => server.docker.container(name));
    const execs = Array.from({ length: 10 }, () => server.docker.exec(name, { argv: ['true'] }));
    expect((await Promise.all(execs)).map(({ exitCode }) => exitCode)).toEqual(Array(10).fill(0));
    await Promise.all(calls);
    expect(await machine.connections()).toBe(2);
    expect((await apiConnections()) - before).toBeLessThanOrEqual(64);
    followed.abort();
    await Promise.all(followers.map(({ following }) => following));
    for (const stream of logs) (stream as unknown as Readable).destroy();
    // Eight of each agent are kept for the next call.
    await eventually('the rest to be closed', async () => (await apiConnections()) - before <= 16);
    await server.drain(10_000);
    await eventually('its own to be closed', async () => (await apiConnections()) - before <= 8);
  });

  test('carry images in both directions', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'content'), randomBytes(9_000_000));
    await execute('tar', ['-C', directory.path, '-cf', join(directory.path, 'root.tar'), 'content']);
    const docker = dockerode();
    const imported = await docker.importImage(join(directory.path, 'root.tar'), {
      repo: 'alfa/small',
      tag: '1',
    });
    await text(imported as Readable);
    const image = docker.getImage('alfa/small:1');
    const { Id } = await image.inspect();
    const saved = await buffer((await image.get()) as Readable);
    expect(saved.length).toBeGreaterThan(9_000_000);
    await image.remove();
    const loaded = await docker.loadImage(Readable.from([saved]));
    expect(await text(loaded as Readable)).toContain('Loaded image: alfa/small:1');
    expect((await image.inspect()).Id).toBe(Id);
    await image.remove();
  });
});
