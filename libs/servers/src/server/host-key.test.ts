import { newId, type ServerEvent } from '@alfa-cloud/contracts';
import { deciderSpec } from '@alfa-cloud/event-sourcing/testing';
import { describe, test } from '@jest/globals';
import { serverDecider } from './server.ts';

const serverId = newId();
const first = { hostKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:first' };
const second = { hostKey: 'ssh-ed25519 BBBB', fingerprint: 'SHA256:second' };
const address = { kind: 'ssh' as const, host: 'h', username: 'alfa' };

const registered = (more: { hostKey?: string } = {}): ServerEvent => ({
  type: 'ServerRegistered',
  data: {
    serverId,
    operationId: newId(),
    name: 'one',
    role: 'production',
    domain: 'lab.test',
    connection: { ...address, ...more },
    active: true,
    capacity: { clients: 1 },
    proxy: { httpPort: 80 },
    secrets: 'v1.x',
  },
});
const pinned = (key: typeof first): ServerEvent => ({
  type: 'ServerHostKeyPinned',
  data: { serverId, ...key },
});
const refused: ServerEvent = {
  type: 'ServerHostKeyRefused',
  data: { serverId, ...second, pinnedFingerprint: first.fingerprint },
};
const moved: ServerEvent = {
  type: 'ServerChanged',
  data: { serverId, operationId: null, connection: { ...address, host: 'other' } },
};
const pin = (key: typeof first, connectionVersion = 0) =>
  ({ type: 'pin_host_key', connectionVersion, of: 'server', ...key }) as const;
const refuse = (connectionVersion = 0) =>
  ({
    type: 'refuse_host_key',
    connectionVersion,
    of: 'server',
    ...second,
    pinnedFingerprint: first.fingerprint,
  }) as const;

const spec = deciderSpec(serverDecider);

describe('the host key of a server', () => {
  test('is pinned at the first connect, and then stays', () => {
    spec.given(registered()).when(pin(first)).expect(pinned(first));
    spec.given(registered(), pinned(first)).when(pin(first)).expect();
    spec.given(registered(), pinned(first)).when(pin(second)).expect();
  });

  test('may be told before as a whole or by its fingerprint', () => {
    spec
      .given(registered({ hostKey: first.hostKey }))
      .when(pin(first))
      .expect();
    spec
      .given(registered({ hostKey: first.fingerprint }))
      .when(pin(first))
      .expect(pinned(first));
    spec
      .given(registered({ hostKey: first.fingerprint }))
      .when(pin(second))
      .expect();
  });

  test('in whose place another one is shown is told once, until it is shown again', () => {
    spec.given(registered(), pinned(first)).when(refuse()).expect(refused);
    spec.given(registered(), pinned(first), refused).when(refuse()).expect();
    spec.given(registered(), pinned(first), refused).when(pin(first)).expect(pinned(first));
    spec.given(registered(), pinned(first), refused, pinned(first)).when(refuse()).expect(refused);
  });

  test('that somebody accepts takes the place of the former one, and connections are made anew by it', () => {
    const accepted: ServerEvent = { type: 'ServerHostKeyAccepted', data: { serverId, ...second } };
    const accept = { type: 'accept_host_key', of: 'server', ...second } as const;
    spec.given(registered(), pinned(first), refused).when(accept).expect(accepted);
    spec.given(registered(), pinned(second)).when(accept).expect();
    spec.given(registered(), pinned(first), refused, accepted).when(accept).expect();
    spec.given(registered(), pinned(first), refused, accepted).when(pin(first, 0)).expect();
    const again = { ...refuse(1), pinnedFingerprint: second.fingerprint, ...first };
    const refusedFirst: ServerEvent = {
      type: 'ServerHostKeyRefused',
      data: { serverId, ...first, pinnedFingerprint: second.fingerprint },
    };
    spec.given(registered(), pinned(first), refused, accepted).when(again).expect(refusedFirst);
  });

  test('is that of the present address: a connection to the former one decides nothing', () => {
    spec.given(registered(), moved).when(pin(first, 0)).expect();
    spec.given(registered(), moved).when(refuse(0)).expect();
    spec.given(registered(), pinned(first), moved).when(pin(second, 1)).expect(pinned(second));
  });
});

describe('the host key of a jump host', () => {
  const withJump: ServerEvent = {
    type: 'ServerChanged',
    data: {
      serverId,
      operationId: null,
      connection: { ...address, hostKey: first.hostKey, jump: { host: 'jump', username: 'guest' } },
    },
  };
  const pinJump = { ...pin(second, 1), of: 'jump' } as const;
  const pinnedJump: ServerEvent = { type: 'ServerHostKeyPinned', data: { serverId, ...second, of: 'jump' } };
  const refuseJump = { ...refuse(1), of: 'jump', ...first } as const;
  const refusedJump: ServerEvent = {
    type: 'ServerHostKeyRefused',
    data: { serverId, ...first, pinnedFingerprint: first.fingerprint, of: 'jump' },
  };
  const acceptJump = { type: 'accept_host_key', of: 'jump', ...first } as const;
  const acceptedJump: ServerEvent = {
    type: 'ServerHostKeyAccepted',
    data: { serverId, ...first, of: 'jump' },
  };

  test('is pinned, refused and accepted beside the one of the server', () => {
    spec.given(registered(), withJump).when(pinJump).expect(pinnedJump);
    spec.given(registered(), withJump, pinnedJump).when(pinJump).expect();
    spec.given(registered(), withJump, pinnedJump).when(pin(first, 1)).expect();
    spec.given(registered(), withJump, pinnedJump).when(refuseJump).expect(refusedJump);
    spec.given(registered(), withJump, pinnedJump, refusedJump).when(refuseJump).expect();
    spec.given(registered(), withJump, pinnedJump, refusedJump).when(pinJump).expect(pinnedJump);
    spec.given(registered(), withJump, pinnedJump, refusedJump).when(acceptJump).expect(acceptedJump);
    spec.given(registered(), withJump, pinnedJump, acceptedJump).when(acceptJump).expect();
  });

  test('that is shown again says nothing of a refused one of the server', () => {
    const refusedServer: ServerEvent = { ...refused };
    spec.given(registered(), withJump, pinnedJump, refusedServer).when(pinJump).expect();
    spec.given(registered(), withJump, pinnedJump, refusedServer).when(pin(first, 1)).expect(pinned(first));
  });

  test('is none where the server is reached directly', () => {
    spec
      .given(registered())
      .when({ ...pinJump, connectionVersion: 0 })
      .expect();
    spec.given(registered()).when(acceptJump).expect();
  });
});
