import type { Queries, ServerEvent } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { momentOf, recorded, type PlacedEvent } from '../testing/recorded.ts';
import { serverIdOf, serverStory } from '../testing/stories.ts';

const serverId = serverIdOf('one');
const first = { hostKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:first' };
const second = { hostKey: 'ssh-ed25519 BBBB', fingerprint: 'SHA256:second' };
const refused: ServerEvent = {
  type: 'ServerHostKeyRefused',
  data: { serverId, ...second, pinnedFingerprint: first.fingerprint },
};
const pinned: ServerEvent = { type: 'ServerHostKeyPinned', data: { serverId, ...first } };

let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  store = openStore(':memory:', () => new Date(), { fresh: false });
  told = [];
  tell(...serverStory('one'), { stream: `server-${serverId}`, event: pinned });
});
afterEach(() => store.close());

const tell = (...events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  return store.apply(recorded(told).slice(before), new Map());
};
const happens = (event: ServerEvent) => tell({ stream: `server-${serverId}`, event });
const server = () => JSON.parse(store.answers.GetServer({ id: serverId })) as Queries['GetServer']['result'];

test('the pinned host key is shown with the connection, and one that was refused until the pinned one is back', () => {
  expect(server().connection).toMatchObject({ host: '10.0.0.1', hostKey: first.hostKey });
  expect(server()).not.toHaveProperty('refusedHostKey');
  happens(refused);
  const at = momentOf(told.length - 1);
  expect(server()).toMatchObject({
    refusedHostKey: { ...second, of: 'server', at },
    connection: { hostKey: first.hostKey },
  });
  happens({ type: 'ServerChanged', data: { serverId, operationId: null, name: 'renamed' } });
  expect(server()).toMatchObject({ name: 'renamed', refusedHostKey: second });
  happens(pinned);
  expect(server()).not.toHaveProperty('refusedHostKey');
});

test('a refused host key says nothing of the machine at another address', () => {
  happens(refused);
  const connection = { kind: 'ssh' as const, host: 'other', username: 'alfa' };
  happens({ type: 'ServerChanged', data: { serverId, operationId: null, connection } });
  expect(server()).not.toHaveProperty('refusedHostKey');
  expect(server().connection).toEqual(connection);
});

test('host keys of a jump host stand beside the one of the server, and its key material nowhere', () => {
  const login = { username: 'alfa', credentials: 'v1.server.secret' };
  const connection = { kind: 'ssh' as const, host: 'inside', ...login, jump: { host: 'gate', ...login } };
  happens({ type: 'ServerChanged', data: { serverId, operationId: null, connection } });
  happens({ type: 'ServerHostKeyPinned', data: { serverId, ...first } });
  happens({ type: 'ServerHostKeyPinned', data: { serverId, ...second, of: 'jump' } });
  expect(server().connection).toEqual({
    kind: 'ssh',
    host: 'inside',
    username: 'alfa',
    hostKey: first.hostKey,
    jump: { host: 'gate', username: 'alfa', hostKey: second.hostKey },
  });
  const { pinnedFingerprint } = refused.data as { pinnedFingerprint: string };
  happens({ type: 'ServerHostKeyRefused', data: { serverId, ...first, pinnedFingerprint, of: 'jump' } });
  expect(server()).toMatchObject({ refusedHostKey: { ...first, of: 'jump' } });
});
