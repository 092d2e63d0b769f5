import { beforeAll, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readComposeFile, type ComposeFile, type ComposeService } from '@alfa-cloud/testing/compose';

const names = ['projector', 'provisioner', 'builder', 'notifier', 'api-gateway'];
const engines = ['nats', 'eventstore'];

const root = join(import.meta.dirname, '../..');
const pathOf = (name: string) => join(root, name);

let file: ComposeFile;

beforeAll(async () => {
  file = await readComposeFile(pathOf('docker-compose.yml'), {});
});

const serviceOf = (of: ComposeFile, name: string): ComposeService => {
  const service = of.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
};
test('one service builds the image, the others take it and come after it', () => {
  const ours = names.map((name) => [name, serviceOf(file, name)] as const);
  const builders = ours.filter(([, { build }]) => build !== undefined);
  expect(builders.map(([, { pull_policy }]) => pull_policy)).toEqual(['build']);
  const [[builder, { image }] = ['', { image: '' }]] = builders;
  for (const [name, service] of ours.filter(([other]) => other !== builder)) {
    expect([name, service.image, service.pull_policy]).toEqual([name, image, 'never']);
    expect(Object.keys(service.depends_on ?? {})).toContain(builder);
  }
});

test('images of the engines are offered to no client', () => {
  const others = serviceOf(file, 'provisioner').environment?.['ALFA_OTHER_IMAGES']?.split(',');
  const images = Object.values(file.services).map(({ image }) => image.replace(/:[^:/]*$/, ''));
  expect(others?.sort()).toEqual([...new Set(images)].filter((image) => image !== 'alfa-cloud').sort());
});

test('every container has bounds for its log, and comes back after a restart of the host', () => {
  for (const [name, { logging, restart }] of Object.entries(file.services)) {
    expect([name, logging?.driver, Object.keys(logging?.options ?? {})]).toEqual([
      name,
      'json-file',
      ['max-size', 'max-file'],
    ]);
    expect([name, restart]).toEqual([name, 'unless-stopped']);
  }
});

test('what lasts lies in volumes of fixed names; the event store keeps its log there and is quiet on the terminal', () => {
  for (const [key, { name }] of Object.entries(file.volumes)) expect(name).toBe(`alfa-cloud_${key}`);
  const store = serviceOf(file, 'eventstore');
  expect(store.volumes).toEqual(['eventstore:/var/lib/eventstore', 'eventstore-log:/var/log/eventstore']);
  expect(store.environment).toMatchObject({
    EVENTSTORE_LOG: '/var/log/eventstore',
    EVENTSTORE_LOG_LEVEL: 'Information',
  });
});

test('a store that checks its files for minutes does not end the start', () => {
  for (const name of engines) {
    const { healthcheck } = serviceOf(file, name);
    expect([name, healthcheck?.interval, /^\d+m$/.test(healthcheck?.start_period ?? '')]).toEqual([
      name,
      '5s',
      true,
    ]);
  }
});

test('callers of this host come from an address that stays the same, and is let in', () => {
  const [{ subnet, gateway }] = file.networks.default.ipam.config;
  const allowed = serviceOf(file, 'api-gateway').environment?.['ALFA_ALLOWED_ADDRESSES'];
  expect(allowed).toBe(`127.0.0.0/8,::1/128,${gateway}`);
  expect(gateway.startsWith(subnet.replace(/\.0\/24$/, '.'))).toBe(true);
});

test('measurements can be read by other containers of the network, and by nobody else', () => {
  for (const name of names) {
    const { environment, ports = [] } = serviceOf(file, name);
    expect(environment?.['ALFA_OPERATIONS_HOST']).toBe('0.0.0.0');
    expect(ports.join()).not.toContain(environment?.['ALFA_OPERATIONS_PORT']);
  }
});

test('the image has every workspace, and nothing that is secret', async () => {
  const dockerfile = await readFile(pathOf('Dockerfile'), 'utf8');
  const workspaces = ['console', 'embedded', 'testing'];
  for (const folder of ['libs', 'services'])
    for (const name of await readdir(pathOf(folder))) workspaces.push(`${folder}/${name}`);
  for (const workspace of workspaces)
    expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/\n`);
  const ignored = (await readFile(pathOf('.dockerignore'), 'utf8')).split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.env', '.env.*', 'secrets', '.git', 'data']));
});
