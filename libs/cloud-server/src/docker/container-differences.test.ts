import { describe, expect, test } from '@jest/globals';
import { messageInWords } from '@alfa-cloud/contracts';
import { fakeCloudServer } from '../testing.ts';
import type { FakeContainer } from '../testing.ts';
import { containerDifferences, type ContainerDifference } from './container-differences.ts';
import type { ContainerConfiguration } from './container-configuration.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { ImageFacts } from './docker-engine.ts';

const spec: ContainerSpec = {
  image: 'alfa/client:1',
  env: { DB_PASSWORD: 'hush' },
  labels: { 'cloud.alfa.managed': 'true' },
  network: 'alfa-x',
  furtherNetworks: ['alfa'],
  aliases: ['o.alfa'],
  mounts: [
    { kind: 'volume', volume: 'storage', target: '/app/storage' },
    { kind: 'bind', source: '/srv/alfa/clients', target: '/clients', readOnly: true },
  ],
  ports: [{ containerPort: 80, hostPort: 8080 }],
  limits: { memoryMb: 256, cpus: 0.5, pids: 64 },
  noNewPrivileges: true,
  capabilities: { drop: ['ALL'], add: ['KILL'] },
  restart: 'always',
  log: { maxSizeMb: 10, maxFiles: 3 },
};
const image: Partial<ImageFacts> = {
  labels: { 'org.opencontainers.image.version': '1' },
  user: '33',
  defaults: {
    argv: ['enter', 'serve'],
    entryPoint: ['enter'],
    env: { PATH: '/bin' },
    volumes: ['/tmp/cache'],
  },
};

const inWords = (differences: readonly ContainerDifference[]) =>
  differences.map(({ part, detail }) => ({ part, detail: messageInWords('en', detail) }));

const made = async () => {
  const server = fakeCloudServer({ images: { 'alfa/client:1': image } });
  for (const name of ['alfa', 'alfa-x', 'foreign']) await server.docker.createNetwork(name, { labels: {} });
  await server.docker.createContainer('alfa-x', spec);
  await server.docker.connectNetwork('alfa', 'alfa-x');
  const container = server.engine.containers.get('alfa-x') as FakeContainer;
  const differences = async (change: (found: ContainerConfiguration) => object = () => ({})) => {
    const found = await server.docker.inspectContainer('alfa-x');
    const facts = await server.docker.image('alfa/client:1');
    if (found === null || facts === null) throw new Error('nothing was made');
    const configuration = { ...found.configuration, ...change(found.configuration) };
    return inWords(containerDifferences(spec, facts, { ...found, configuration }));
  };
  return { server, container, differences };
};

test('a container that was just made stands as wanted', async () => {
  const { differences } = await made();
  expect(await differences()).toEqual([]);
});

test("arguments to the image's entry point are a part of what is wanted", async () => {
  const { server } = await made();
  const facts = await server.docker.image('alfa/client:1');
  const found = await server.docker.inspectContainer('alfa-x');
  if (facts === null || found === null) throw new Error('nothing was made');
  const wanted = { ...spec, command: ['serve', '--more'] };
  const ran = (argv: string[]) => ({ ...found, configuration: { ...found.configuration, argv } });
  expect(containerDifferences(wanted, facts, ran(['enter', 'serve', '--more']))).toEqual([]);
  // Made by a version that gave it none.
  expect(inWords(containerDifferences(wanted, facts, ran(['enter', 'serve'])))).toEqual([
    { part: 'command', detail: 'another command is run' },
  ]);
});

describe('a container is not as wanted', () => {
  test('when it was detached, attached elsewhere, or has lost its alias', async () => {
    const { server, container, differences } = await made();
    await server.docker.disconnectNetwork('alfa', 'alfa-x');
    await server.docker.connectNetwork('foreign', 'alfa-x');
    container.networks.set('alfa-x', { aliases: [] });
    expect(await differences()).toEqual([
      { part: 'networks', detail: 'not attached to network alfa' },
      { part: 'networks', detail: 'attached to network foreign, which is not wanted' },
      { part: 'aliases', detail: 'alias o.alfa is missing on network alfa-x' },
    ]);
  });

  test('when its image’s name means another image by now', async () => {
    const { server, differences } = await made();
    const facts = await server.docker.image('alfa/client:1');
    const found = await server.docker.inspectContainer('alfa-x');
    if (facts === null || found === null) throw new Error('nothing was made');
    const rebuilt = {
      ...facts,
      id: 'sha256:new',
      defaults: { argv: [], entryPoint: [], env: {}, volumes: [] },
    };
    expect(inWords(containerDifferences(spec, rebuilt, found))).toEqual([
      { part: 'image', detail: 'made from sha256:alfa/client:1, while alfa/client:1 is sha256:new' },
    ]);
    expect(await differences()).toEqual([]);
  });

  const volume = { kind: 'volume', source: 'a1', readOnly: false };
  test.each<[string, (found: ContainerConfiguration) => object, object[]]>([
    ['command', () => ({ argv: ['sh'] }), [{ part: 'command', detail: 'another command is run' }]],
    ['user', () => ({ user: '' }), [{ part: 'privileges', detail: 'user: root in place of 33' }]],
    [
      'environment',
      () => ({ env: { DB_PASSWORD: 'other', MORE: 'x' } }),
      [
        { part: 'environment', detail: 'variable PATH is missing' },
        { part: 'environment', detail: 'variable DB_PASSWORD has another value' },
        { part: 'environment', detail: 'variable MORE is not wanted' },
      ],
    ],
    [
      'labels',
      () => ({ labels: { 'org.opencontainers.image.version': '1' } }),
      [{ part: 'labels', detail: 'label cloud.alfa.managed is missing' }],
    ],
    [
      'mounts',
      ({ mounts: [, bind] }) => ({
        mounts: [
          { ...bind, readOnly: false },
          { ...volume, target: '/tmp/cache' },
          { ...volume, target: '/x' },
        ],
      }),
      [
        { part: 'mounts', detail: 'nothing is mounted at /app/storage' },
        { part: 'mounts', detail: 'something else is mounted at /clients' },
        { part: 'mounts', detail: 'the mount at /x is not wanted' },
      ],
    ],
    [
      'ports',
      () => ({ ports: ['80/tcp=127.0.0.1:8080'] }),
      [
        { part: 'ports', detail: 'port 80/tcp=8080 is not published' },
        { part: 'ports', detail: 'port 80/tcp=127.0.0.1:8080 is published' },
      ],
    ],
    [
      'limits',
      ({ limits }) => ({ limits: { ...limits, memoryBytes: 0, memoryAndSwapBytes: -1, pids: -1 } }),
      [
        { part: 'limits', detail: 'memory in bytes: 0 in place of 268435456' },
        { part: 'limits', detail: 'number of processes: 0 in place of 64' },
      ],
    ],
    [
      'restart policy',
      () => ({ restart: 'no' }),
      [{ part: 'restart', detail: 'restart policy: no in place of always' }],
    ],
    [
      'privileges',
      () => ({ isPrivileged: true, capabilities: { drop: ['ALL'], add: ['KILL', 'NET_RAW'] } }),
      [
        { part: 'privileges', detail: 'the container is privileged' },
        { part: 'privileges', detail: 'added capabilities: KILL NET_RAW in place of KILL' },
      ],
    ],
    [
      'log',
      () => ({ log: { driver: 'none', options: {} } }),
      [{ part: 'log', detail: 'another log configuration' }],
    ],
  ])('by its %s', async (_what, change, expected) => {
    const { differences } = await made();
    expect(await differences(change)).toEqual(expected);
  });

  test('and the words never hold the value of a variable', async () => {
    const { differences } = await made();
    const words = JSON.stringify(
      await differences(() => ({ env: { DB_PASSWORD: 'spoken', OTHER: 'quiet' } })),
    );
    expect(words).not.toMatch(/hush|spoken|quiet/);
  });
});
