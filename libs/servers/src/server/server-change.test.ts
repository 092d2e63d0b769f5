import { newId, type Connection, type ServerCheck, type ServerEvent } from '@alfa-cloud/contracts';
import { deciderSpec } from '@alfa-cloud/event-sourcing/testing';
import { describe, test } from '@jest/globals';
import { serverDecider } from './server.ts';

const serverId = newId();
const operationId = newId();
const facts = {
  dockerVersion: '20.10.24',
  engineId: 'ENGINE',
  operatingSystem: 'Debian 12',
  architecture: 'x86_64',
  cpus: 2,
  memoryBytes: 1,
};
const check: ServerCheck = {
  ...facts,
  hostKeyFingerprint: 'SHA256:first',
  dockerWay: 'forwarded socket /var/run/docker.sock',
  mayUseDocker: true,
  maySudo: false,
  diskTotalBytes: 2,
  diskFreeBytes: 1,
  clockOffsetMs: 0,
};
const hostKey = 'ssh-ed25519 AAAA';
const connection: Connection = { kind: 'ssh', host: 'one.example', username: 'alfa', hostKey };
const registration = {
  name: 'one',
  role: 'production' as const,
  domain: 'lab.test',
  active: true,
  capacity: { clients: 1 },
  proxy: { httpPort: 80 },
  secrets: 'v1.x',
};
const history: ServerEvent[] = [
  { type: 'ServerRegistered', data: { serverId, operationId, ...registration, connection } },
  { type: 'ServerBecameReady', data: { serverId, operationId, facts } },
];
const spec = deciderSpec(serverDecider).given(...history);

const change = (
  to: Connection,
  found: { engineId?: string; isSameRoot?: boolean; clients?: number; hostKey?: string } = {},
) => {
  const { clients = 1, isSameRoot = true, engineId = 'ENGINE', hostKey: shown = hostKey } = found;
  const checked = { check: { ...check, engineId }, hostKey: shown, publicKey: null, isSameRoot };
  return { type: 'change', operationId, changes: { connection: to }, clients, checked } as const;
};
const changed = (to: Connection, prepares: boolean, engineId = 'ENGINE'): ServerEvent => ({
  type: 'ServerChanged',
  data: {
    serverId,
    operationId: prepares ? operationId : null,
    connection: to,
    check: { ...check, engineId },
  },
});

describe('a change of the connection', () => {
  const moved: Connection = { ...connection, host: 'two.example' };

  test('to the same machine needs no preparation and does not mind clients', () => {
    spec.when(change(moved)).expect(changed(moved, false));
  });

  test('to another machine is refused while clients live there', () => {
    spec.when(change(moved, { engineId: 'OTHER' })).rejects('other_machine');
    spec.when(change(moved, { isSameRoot: false })).rejects('other_machine');
  });

  test('to another machine of a server without clients prepares that', () => {
    spec.when(change(moved, { engineId: 'OTHER', clients: 0 })).expect(changed(moved, true, 'OTHER'));
  });

  test('pins the host key that was shown when none was given', () => {
    const bare: Connection = { kind: 'ssh', host: 'two.example', username: 'alfa' };
    const pinned: ServerEvent = {
      type: 'ServerHostKeyPinned',
      data: { serverId, hostKey, fingerprint: 'SHA256:first' },
    };
    spec.when(change(bare)).expect(changed(bare, false), pinned);
  });

  test('that comes again after it was made has no effect', () => {
    const after = deciderSpec(serverDecider).given(...history, changed(moved, false));
    after.when({ ...change(moved), checked: null }).expect();
  });
});
