import { newId } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createCloudServers } from '@alfa-cloud/servers';
import { createLogger } from '@alfa-cloud/service-kit';
import { expect, test } from '@jest/globals';

const start = () => {
  const id = newId();
  const config = {
    local: { socketPath: '/nonexistent/docker.sock', root: '/nonexistent' },
    sshRoot: '/srv/alfa',
  };
  const logger = createLogger({ service: 'test', level: 'fatal' });
  const servers = createCloudServers(config, { store: inMemoryEventStore(), vault: inMemoryVault(), logger });
  const of = (connectionVersion: number, username: string) =>
    servers.of({ id, connectionVersion, connection: { kind: 'ssh', host: '127.0.0.1', port: 1, username } });
  return { servers, of };
};
const userOf = ({ access }: ReturnType<ReturnType<typeof start>['of']>) =>
  access.kind === 'ssh' ? access.server.split('@')[0] : null;

test('who holds a server has its new connection as soon as it is asked for with that', () => {
  const { of } = start();
  const held = of(0, 'first');
  expect(userOf(held)).toBe('first');
  expect(of(1, 'second')).toBe(held);
  expect(userOf(held)).toBe('second');
});

test('a record that was read before the change does not bring the former connection back', () => {
  const { of } = start();
  of(1, 'second');
  expect(userOf(of(0, 'first'))).toBe('second');
});

test('a server without a recorded key is not tried to reach', async () => {
  const { of, servers } = start();
  await expect(of(0, 'alfa').docker.ping()).rejects.toMatchObject({ kind: 'final', code: 'key_unusable' });
  await servers.close();
});
