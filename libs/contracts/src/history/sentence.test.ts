import { expect, test } from '@jest/globals';
import { inWords, type Sentence, type SentenceCode } from './sentence.ts';

const warnings = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ kind: 'view', name }));
const limits = { memoryMb: 512, cpus: 1, pids: 64, uploadMb: 20, requestTimeoutS: 30 };

/** Something of each code. A new one does not compile until it has something here. */
const samples: { readonly [Code in SentenceCode]: Extract<Sentence, { code: Code }>['params'] } = {
  clientAskedFor: { slug: 'lab', image: 'alfa:1', expireDate: '2027-01-31' },
  clientCreated: { image: 'alfa:1' },
  operationBegun: { kind: 'client.reboot' },
  operationEnded: { kind: null, status: 'cancelled' },
  cancelRequested: { kind: 'clients.migrate' },
  notBegun: { command: 'DoSomething' },
  manyBegun: { kind: 'clients.deploy', toDo: 12, leftOut: 1 },
  manyPlanned: { toDo: 12, leftOut: 1 },
  expireDateChanged: { from: '2026-12-31', to: '2026-01-01' },
  maintenanceEnabled: { message: 'At noon\nagain' },
  maintenanceDisabled: {},
  demoEnabled: {},
  demoDisabled: {},
  ownerPasswordChanged: {},
  usersCounted: { users: 12 },
  clientRebooted: {},
  clientMoved: { from: 'one', to: 'two', holdUntil: '2026-12-01T00:00:00.000Z' },
  moveUndone: { from: 'two', to: 'one', backupId: 'b' },
  moveReleased: { server: 'one' },
  clientChanged: { personalChanged: ['name'], locale: 'en', limits, aliases: [], expiryWarnings: false },
  cloudSettingsChanged: { quickStart: true, tutorial: false },
  cloudSettingsMended: { columns: ['tutorial'] },
  virtualHostMended: { was: 'changed' },
  imageSwitched: { from: 'alfa:1', to: 'alfa:2' },
  imageRenewed: { image: 'alfa:1', from: 'abc', to: 'def' },
  containerReplaced: { image: 'alfa:1' },
  clientMigrated: {},
  clientBackedUp: { backupId: 'b', kind: 'final', withStorage: true, keepUntil: '2027-01-31', warnings },
  backupMoved: { backupId: 'b', server: 's' },
  backupRemoved: { backupId: 'b' },
  clientRestored: { backupId: 'b', otherClient: 'c', warnings },
  copyAskedFor: { slug: 'lab-stage', image: 'alfa:1', sourceClientId: 'c' },
  clientCopied: { slug: 'lab-stage', copyId: 'd', serverId: 's', again: true },
  copyRefreshed: { sourceClientId: 'c', image: 'alfa:1' },
  clientDeleted: {},
  availabilityChanged: { available: null },
  serverRegistered: { name: 'one', domain: 'xn--80a1acny.example' },
  serverReady: { dockerVersion: '20.10', operatingSystem: 'Debian' },
  preparedAgain: {},
  serverHealth: { health: 'degraded' },
  alertRaised: { alert: 'disk', about: '/srv' },
  alertCleared: { alert: 'all_unreachable', about: null },
  drainingBegun: {},
  drainingEnded: {},
  buildCommit: { commit: '0123456789ab', branch: 'dev', subject: 'Mend it', isReused: true },
  buildImage: { image: 'alfa:dev-1', moving: 'alfa:dev' },
  buildDistributed: { on: ['one', 'two'], notOn: ['three'] },
  serverCleanedUp: { images: 3, leftovers: 1, freedBytes: 1_200_000 },
  serverMended: {},
  hostKeyPinned: { of: 'server', fingerprint: 'SHA256:abc' },
  hostKeyAccepted: { of: 'jump', fingerprint: 'SHA256:abc' },
  hostKeyRefused: { of: 'jump', fingerprint: 'SHA256:def', pinnedFingerprint: 'SHA256:abc' },
  serverChanged: {
    name: 'one',
    role: 'stage',
    domain: 'b.test',
    connection: { host: null, jumpHost: null },
    active: false,
    capacity: { clients: 5 },
    proxy: { httpPort: 80 },
    limits: {},
  },
  serverDrained: { clients: 3 },
  serverRebooted: { clients: 3, awayMs: 61_000 },
  mailSent: { template: 'success', transport: 'file' },
  mailGivenUp: { template: 'expire' },
  mailBounced: { template: 'expire' },
  webhookSet: { url: 'https://hooks.example.org/', active: false },
  webhookRemoved: {},
  passwordLinkOpened: {},
  repositorySet: { url: 'git@git.example.org:lab/app.git', dev: 'dev', prod: 'master' },
  repositoryHostKeyAccepted: { fingerprint: 'SHA256:x' },
  sshKeyMade: { fingerprint: 'SHA256:abc' },
  serverRemoved: {},
  credentialsChanged: { login: 'chief' },
  operation: { kind: 'client.switch', status: 'ok', durationMs: 125_000 },
};

const all = Object.entries(samples).map(([code, params]) => ({ code, params }) as unknown as Sentence);

test.each(all)('$code is said in each language, in whole words', (sentence) => {
  const [en, ru] = [inWords('en', sentence), inWords('ru', sentence)];
  expect(en).toMatch(/[a-z]/);
  expect(en.replaceAll('почта', '')).not.toMatch(/[А-Яа-яЁё]|undefined|\[object|NaN/);
  expect(ru).toMatch(/[А-Яа-яЁё]/);
  expect(ru).not.toMatch(/undefined|\[object|NaN/);
  // What a sentence is told, it tells in every language.
  for (const told of en.match(/\d+/g) ?? []) expect(ru).toContain(told);
});

test('a sentence that a newer version says is told by its code', () => {
  expect(inWords('ru', { code: 'clientFlown', params: {} } as unknown as Sentence)).toBe('clientFlown');
});
