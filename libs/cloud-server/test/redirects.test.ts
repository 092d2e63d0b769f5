import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectLocalServer } from '../src/index.ts';
import { DockerAgent } from '../src/ssh/docker-agent.ts';
import type { DockerRoute } from '../src/ssh/docker-route.ts';
import type { SshConnection } from '../src/ssh/ssh-connection.ts';
import { createDockerodeEngine } from '../src/docker/dockerode-engine.ts';
import type { DockerEngine } from '../src/docker/docker-engine.ts';

let directory: string;
const servers: Server[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alfa-engine-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(directory, { recursive: true });
});

const listen = async (place: string | number, answer: RequestListener): Promise<Server> => {
  const server = createServer(answer);
  servers.push(server);
  if (typeof place === 'string') server.listen(place);
  else server.listen(place, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/** An engine as it is reached there, with what ends its connections. */
type Reached = (socketPath: string) => { docker: DockerEngine; close: () => Promise<void> };

const locally: Reached = (socketPath) => connectLocalServer({ socketPath, root: directory });

const overSsh: Reached = (socketPath) => {
  const live = { isPressed: false, onPressure: () => undefined };
  const connection = { server: 'a server', live: async () => live } as unknown as SshConnection;
  const route = { open: async () => connect({ path: socketPath }) } as unknown as DockerRoute;
  const agent = new DockerAgent(connection, route);
  return { docker: createDockerodeEngine(agent), close: async () => agent.destroy() };
};

describe.each<[string, Reached]>([
  ['local socket', locally],
  ['ssh', overSsh],
])('over the %s', (_name, reach) => {
  test.each([
    ['another host', (port: number) => `http://127.0.0.1:${port}/elsewhere`],
    ['a scheme that docker-modem does not know', () => 'ftp://127.0.0.1/elsewhere'],
  ])('a redirect to %s is an answer like another', async (_where, locationOf) => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await listen(0, (request, response) => {
      asked.push(request.url);
      response.end('{}');
    });
    const location = locationOf((elsewhere.address() as AddressInfo).port);
    const socketPath = join(directory, 'docker.sock');
    let answers = 0;
    await listen(socketPath, (_request, response) => {
      answers += 1;
      response.writeHead(301, { location }).end();
    });
    const { docker, close } = reach(socketPath);
    const refused = {
      kind: 'final',
      code: 'docker_refused',
      message: expect.stringContaining('redirect (301)'),
    };
    await expect(docker.info()).rejects.toMatchObject(refused);
    await expect(docker.startContainer('one')).rejects.toMatchObject(refused);
    expect({ answers, asked }).toEqual({ answers: 2, asked: [] });
    await close();
  });
});
