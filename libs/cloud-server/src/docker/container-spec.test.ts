import { expect, test } from '@jest/globals';
import { containerCreateBody, type ContainerSpec } from './container-spec.ts';

const spec: ContainerSpec = {
  image: 'alfa/client:1',
  env: { APP_NAME: 'a "b" $c', PORT: '8000' },
  labels: { 'cloud.alfa.managed': 'true' },
  network: 'alfa',
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

test('a spec says everything to Docker', () => {
  expect(containerCreateBody('alfa-x', spec)).toEqual({
    name: 'alfa-x',
    Image: 'alfa/client:1',
    Env: ['APP_NAME=a "b" $c', 'PORT=8000'],
    Labels: { 'cloud.alfa.managed': 'true' },
    ExposedPorts: { '80/tcp': {} },
    HostConfig: {
      NetworkMode: 'alfa',
      RestartPolicy: { Name: 'always' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      PortBindings: { '80/tcp': [{ HostPort: '8080' }] },
      Mounts: [
        { Type: 'volume', Source: 'storage', Target: '/app/storage' },
        { Type: 'bind', Source: '/srv/alfa/clients', Target: '/clients', ReadOnly: true },
      ],
      SecurityOpt: ['no-new-privileges:true'],
      CapDrop: ['ALL'],
      CapAdd: ['KILL'],
      Memory: 268_435_456,
      MemorySwap: 268_435_456,
      NanoCpus: 500_000_000,
      PidsLimit: 64,
    },
  });
});

test('without limits there are none', () => {
  const { limits: _limits, ...unlimited } = spec;
  expect(containerCreateBody('x', unlimited).HostConfig).not.toHaveProperty('Memory');
});

test('aliases and a program of its own are told only when there are any', () => {
  const body = containerCreateBody('x', { ...spec, aliases: ['a.alfa'], argv: ['sh', '-c', 'exit 3'] });
  expect(body).toMatchObject({
    Entrypoint: ['sh'],
    Cmd: ['-c', 'exit 3'],
    NetworkingConfig: { EndpointsConfig: { alfa: { Aliases: ['a.alfa'] } } },
  });
  expect(containerCreateBody('x', spec)).not.toHaveProperty('NetworkingConfig');
});

test("arguments of the image's own entry point leave that as it is", () => {
  const body = containerCreateBody('x', { ...spec, command: ['mariadbd', '--max-allowed-packet=1G'] });
  expect(body.Cmd).toEqual(['mariadbd', '--max-allowed-packet=1G']);
  expect(body).not.toHaveProperty('Entrypoint');
  expect(containerCreateBody('x', spec)).not.toHaveProperty('Cmd');
});
