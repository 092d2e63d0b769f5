import { expect, test } from '@jest/globals';
import type { CommandReply, RepositoryView } from '@alfa-cloud/contracts';
import { codesOf, gatewaysOfTest } from './support.ts';

const start = gatewaysOfTest();

const view: RepositoryView = {
  url: 'git@git.example.org:lab/app.git',
  branches: { dev: 'dev', prod: 'master' },
  dockerfile: 'Dockerfile',
  afterBuild: {
    dev: { switch: 'stage', canary: 2, waveSize: 4, stopAfter: 3 },
    prod: { switch: 'none', canary: 1, waveSize: 4, stopAfter: 3 },
  },
  access: 'token',
  username: 'oauth2',
  publicKey: 'ssh-ed25519 AAAA',
  hostKey: 'ssh-ed25519 BBBB',
  hostKeyFingerprint: 'SHA256:x',
  hook: true,
  changedAt: '2026-11-26T18:00:00.000Z',
};
const accepted = ({ fingerprint }: { fingerprint: string }): CommandReply => ({
  outcome: 'accepted',
  fingerprint,
  ids: {},
  position: '4711',
});
const working = () => start({ answer: accepted, queries: { GetRepository: async () => ({ result: view }) } });
const body = (attributes: Record<string, unknown>, type = 'repositories') => ({ data: { type, attributes } });

test('it is shown without what opens it', async () => {
  const gateway = await working();
  const reply = await gateway.send('/repository');
  expect(reply.status).toBe(200);
  expect(reply.json.data).toEqual({
    type: 'repositories',
    id: 'repository',
    attributes: { ...view },
    links: { self: '/repository' },
  });
});

test.each([
  ['PUT', true],
  ['PATCH', false],
])('%s: key and token go out sealed and never come back', async (method, whole) => {
  const gateway = await working();
  const url = 'git@git.example.org:lab/app.git';
  for (const secret of [{ privateKey: 'CANARY-key', passphrase: 'CANARY-word' }, { token: 'CANARY-token' }]) {
    const hookSecret = 'CANARY-hook-of-the-repository';
    const reply = await gateway.send('/repository', { method, body: body({ url, hookSecret, ...secret }) });
    expect([reply.status, reply.headers['content-location']]).toEqual([200, '/repository']);
    expect(reply.text).not.toContain('CANARY');
    expect(gateway.commands.sent.at(-1)).toMatchObject({
      name: 'SetRepository',
      data: { whole, url, credentials: expect.any(String), hookSecret: expect.any(String) },
    });
  }
  expect(JSON.stringify(gateway.commands.sent)).not.toContain('CANARY');
  expect(JSON.stringify(gateway.lines)).not.toContain('CANARY');
});

test('PATCH changes what is sent; a token is taken away by null', async () => {
  const gateway = await working();
  await gateway.send('/repository', { method: 'PATCH', body: body({ branches: { prod: 'main' } }) });
  await gateway.send('/repository', { method: 'PATCH', body: body({ username: 'gitlab+deploy 1' }) });
  await gateway.send('/repository', { method: 'PATCH', body: body({ token: null, hookSecret: null }) });
  expect(gateway.commands.sent.map(({ data }) => data)).toEqual([
    { whole: false, branches: { prod: 'main' } },
    { whole: false, username: 'gitlab+deploy 1' },
    { whole: false, credentials: null, hookSecret: null },
  ]);
});

test.each([
  ['PUT', { branches: { dev: 'dev' } }, 'required'],
  ['PUT', { url: 'a b' }, 'validation_failed'],
  ['PATCH', { url: '-x' }, 'validation_failed'],
  ['PATCH', { dockerfile: '../Dockerfile' }, 'validation_failed'],
  ['PATCH', { dockerfile: '/Dockerfile' }, 'validation_failed'],
  ['PATCH', { passphrase: 'x' }, 'validation_failed'],
  ['PATCH', { passphrase: 'x', token: 't' }, 'validation_failed'],
  ['PATCH', { privateKey: 'x', token: 't' }, 'validation_failed'],
  ['PATCH', { token: 'a\nb' }, 'validation_failed'],
  ['PATCH', { username: 'a:b' }, 'validation_failed'],
  ['PATCH', { username: 'a\nb' }, 'validation_failed'],
  ['PATCH', { username: 'x'.repeat(101) }, 'validation_failed'],
  ['PATCH', { hostKey: 'x' }, 'validation_failed'],
  ['PATCH', { afterBuild: { dev: { switch: 'some' } } }, 'validation_failed'],
  ['PATCH', { hookSecret: 'too-short' }, 'validation_failed'],
  ['PATCH', { credentials: 'v1.transport.x' }, 'unknown_attribute'],
])('%s %j is refused before anything is asked', async (method, attributes, code) => {
  const gateway = await working();
  const reply = await gateway.send('/repository', { method, body: body(attributes) });
  expect(reply.status).toBe(422);
  expect(codesOf(reply)).toContain(code);
  expect(gateway.commands.sent).toEqual([]);
});

test('a check needs no document; with a fingerprint it trusts another host key', async () => {
  const gateway = await working();
  const fingerprint = `SHA256:${'A'.repeat(43)}`;
  expect((await gateway.send('/repository/check', { method: 'POST' })).status).toBe(200);
  await gateway.send('/repository/check', {
    method: 'POST',
    body: body({ fingerprint }, 'repository-checks'),
  });
  expect(gateway.commands.sent.map(({ name, data }) => [name, data])).toEqual([
    ['CheckRepository', {}],
    ['CheckRepository', { fingerprint }],
  ]);
});
