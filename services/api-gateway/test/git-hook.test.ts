import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { deriveId, type Command, type CommandReply } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { codesOf, gatewaysOfTest } from './support.ts';

const start = gatewaysOfTest();

const secret = 'CANARY-secret-of-the-hook';
const branches = { dev: 'dev', prod: 'release/1' };
const sha = 'a'.repeat(40);
const running = deriveId('running');

type Options = Parameters<typeof start>[0];
const working = (options: Options & { secret?: string | null } = {}) => {
  const { secret: set = secret, ...more } = options;
  return start({
    queries: {
      GetGitHook: async () => ({
        result: { branches, secret: set === null ? null : await inMemoryVault().seal('transport', set) },
      }),
    },
    ...more,
  });
};
type Gateway = Awaited<ReturnType<typeof working>>;

const pushOf = (ref: string, after = sha) => JSON.stringify({ ref, after, commits: [{ id: after }] });
const hmac = (body: string, key = secret) => createHmac('sha256', key).update(body).digest('hex');

/** A delivery as each host sends it, here without its signature. */
const hosts = {
  github: { 'x-github-event': 'push', 'x-github-delivery': 'one' },
  gitea: { 'x-gitea-event': 'push', 'x-gitea-delivery': 'one' },
  gitlab: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-event-uuid': 'one' },
};
const signed = {
  github: (body: string) => ({ ...hosts.github, 'x-hub-signature-256': `sha256=${hmac(body)}` }),
  gitea: (body: string) => ({ ...hosts.gitea, 'x-gitea-signature': hmac(body) }),
  gitlab: (_body: string) => ({ ...hosts.gitlab, 'x-gitlab-token': secret }),
};
const deliver = (gateway: Gateway, raw: string, headers: Record<string, string>) =>
  gateway.send('/hooks/git', {
    method: 'POST',
    raw,
    headers: { authorization: '', accept: '*/*', 'content-type': 'application/json', ...headers },
  });
const told = ({ commands }: Gateway) => commands.sent.map(({ name, data, actor }) => ({ name, data, actor }));

test.each(['github', 'gitea', 'gitlab'] as const)(
  'a push that %s has signed starts the build of its branch, without credentials',
  async (host) => {
    const gateway = await working();
    for (const [ref, name] of [
      ['refs/heads/dev', 'BuildDev'],
      ['refs/heads/release/1', 'BuildProd'],
    ] as const) {
      const body = pushOf(ref);
      const reply = await deliver(gateway, body, signed[host](body));
      const { id = '' } = gateway.commands.sent.at(-1) ?? {};
      expect(reply).toMatchObject({
        status: 202,
        json: { meta: { outcome: 'started', operationIds: [deriveId(id, 'operation')] } },
      });
      expect(told(gateway).at(-1)).toEqual({ name, data: { pushed: sha }, actor: 'git webhook' });
    }
    expect(JSON.stringify(gateway.lines)).not.toContain('CANARY');
  },
);

test('a delivery that comes again is the same command, one with another body is not', async () => {
  const gateway = await working();
  const body = pushOf('refs/heads/dev');
  const replies = [
    await deliver(gateway, body, signed.github(body)),
    await deliver(gateway, body, signed.github(body)),
  ];
  expect(replies[1]?.text).toBe(replies[0]?.text);
  expect(gateway.commands.sent).toHaveLength(1);
  const next = pushOf('refs/heads/dev', 'b'.repeat(40));
  await deliver(gateway, next, signed.github(next));
  expect(gateway.commands.sent).toHaveLength(2);
});

test('a push whose branch is being built already names that build', async () => {
  const answer = ({ fingerprint }: Command): CommandReply => ({
    outcome: 'rejected',
    fingerprint,
    faults: [{ code: 'operation_in_progress', detail: 'Is being built', meta: { operationId: running } }],
  });
  const gateway = await working({ answer });
  const body = pushOf('refs/heads/dev');
  const reply = await deliver(gateway, body, signed.github(body));
  expect([reply.status, reply.json.meta]).toMatchObject([
    202,
    { outcome: 'running', operationIds: [running] },
  ]);
});

test('what is wrong with a signature is not told, nor whether there is a secret', async () => {
  const body = pushOf('refs/heads/dev');
  const github = (signature: string) => ({ ...hosts.github, 'x-hub-signature-256': signature });
  const refused: [Options & { secret?: string | null }, string, Record<string, string>][] = [
    [{}, body, hosts.github],
    [{}, body, github(`sha256=${hmac(body, 'another-secret-than-it')}`)],
    [{}, `${body} `, signed.github(body)],
    [{}, body, github('sha256=00')],
    [{}, body, github('')],
    [{}, body, { ...hosts.gitlab, 'x-gitlab-token': `${secret}x` }],
    [{}, body, { ...hosts.gitea, 'x-gitea-signature': 'é' }],
    // An older form of the signature does not count.
    [{}, body, { ...hosts.github, 'x-hub-signature': `sha1=${hmac(body)}` }],
    [{ secret: null }, body, signed.github(body)],
    [{ secret: null }, body, { ...hosts.github, 'x-hub-signature-256': `sha256=${hmac(body, '')}` }],
  ];
  const answers = new Set<string>();
  for (const [options, raw, headers] of refused) {
    const gateway = await working(options);
    const reply = await deliver(gateway, raw, headers);
    expect([reply.status, gateway.commands.sent]).toEqual([401, []]);
    answers.add(reply.text);
  }
  expect(answers.size).toBe(1);
});

test.each([
  ['a ping', { 'x-github-event': 'ping' }, '{"zen":"Keep it simple"}', 'ping', 'Pushes to dev and release/1'],
  ['another event', { 'x-github-event': 'issues' }, '{}', 'ignored', 'Only pushes are built'],
  ['another branch', hosts.github, pushOf('refs/heads/dev2'), 'ignored', 'refs/heads/dev2 is not built'],
  ['a tag of the name', hosts.github, pushOf('refs/tags/dev'), 'ignored', 'refs/tags/dev is not built'],
  ['a deletion', hosts.github, pushOf('refs/heads/dev', '0'.repeat(40)), 'ignored', 'was deleted'],
])('%s builds nothing and is answered in words', async (_, headers, body, outcome, detail) => {
  const gateway = await working();
  const reply = await deliver(gateway, body, { ...signed.github(body), ...headers });
  expect([reply.status, reply.json.meta]).toMatchObject([200, { outcome, operationIds: [] }]);
  expect((reply.json.meta as { detail: string }).detail).toContain(detail);
  expect(gateway.commands.sent).toEqual([]);
});

test("GitHub's form of a delivery is read; what is no push, or too large, is refused", async () => {
  const gateway = await working();
  const form = new URLSearchParams({ payload: pushOf('refs/heads/dev') }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await deliver(gateway, form, { ...signed.github(form), ...type })).status).toBe(202);
  for (const body of ['{}', '[]', '{"ref":"refs/heads/dev","after":"--x"}', 'no json']) {
    const reply = await deliver(gateway, body, signed.github(body));
    expect([reply.status, codesOf(reply)[0]]).toEqual([400, expect.stringMatching(/^malformed_/)]);
  }
  const large = `${' '.repeat(5 * 1024 ** 2)}{}`;
  expect((await deliver(gateway, large, signed.github(large))).status).toBe(413);
  expect((await gateway.send('/hooks/git', { headers: { authorization: '' } })).headers.allow).toBe('POST');
  expect(gateway.commands.sent).toHaveLength(1);
});

test('not more than sixteen deliveries are in memory before their signature is seen to be right', async () => {
  const [full, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let asked = 0;
  const gateway = await start({
    queries: {
      GetGitHook: async () => {
        asked += 1;
        if (asked === 16) full.resolve();
        await answered.promise;
        return { result: { branches, secret: null } };
      },
    },
  });
  const body = pushOf('refs/heads/dev');
  const send = () => deliver(gateway, body, signed.github(body));
  const held = Array.from({ length: 16 }, send);
  await full.promise;
  const late = await send();
  expect([late.status, ...codesOf(late)]).toEqual([503, 'busy']);
  answered.resolve();
  expect(new Set((await Promise.all(held)).map(({ status }) => status))).toEqual(new Set([401]));
  expect((await send()).status).toBe(401);
});

test('it has a list of addresses of its own, and opens nothing else', async () => {
  const body = pushOf('refs/heads/dev');
  const config = { allowedAddresses: ['192.0.2.1'] };
  const open = await working({ config });
  expect((await deliver(open, body, signed.github(body))).status).toBe(202);
  expect((await open.send('/clients')).status).toBe(403);
  const closed = await working({ config: { hookAddresses: ['192.0.2.1'] } });
  expect((await deliver(closed, body, signed.github(body))).status).toBe(403);
  expect((await closed.send('/clients')).status).toBe(200);
  expect(closed.commands.sent).toEqual([]);
});
