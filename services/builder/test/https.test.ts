import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId, type CommandData } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { deliver } from '@alfa-cloud/messaging/testing';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createGitRepository, temporaryDirectory } from '@alfa-cloud/testing';
import { setRepositoryHandler } from '../src/repository/handlers.ts';
import { reachRepository } from '../src/repository/reach-repository.ts';
import { loadRepository, shownRepository } from '../src/repository/repository-state.ts';
import { createSource } from '../src/source/create-source.ts';
import type { GitSettings } from '../src/source/git-environment.ts';
import { readAddress } from '../src/source/repository-address.ts';
import type { Repository } from '../src/source/repository.ts';
import { serveGitOverHttps, type GitOverHttps } from './support/git-over-https.ts';

const token = 'CANARY-3c1d-token';
const branches = { dev: 'dev', prod: 'master' };

const started = new AsyncDisposableStack();
let folder: string;
let host: GitOverHttps;
let sha: string;
let known: GitSettings;

beforeAll(async () => {
  const place = await temporaryDirectory('alfa-https-');
  started.defer(() => place.remove());
  folder = place.path;
  const repository = started.use(await createGitRepository());
  sha = await repository.commit('dev', { Dockerfile: 'FROM x\n' });
  await repository.git('branch', 'master');
  const keys = join(folder, 'keys');
  await mkdir(keys);
  const root = join(repository.path, '..');
  host = started.use(await serveGitOverHttps(keys, { root, login: `oauth2:${token}` }));
  known = { fileUrls: false, caFile: host.caFile };
}, 60_000);
afterAll(() => started.disposeAsync());

const repositoryWith = (changes: Partial<Repository> = {}): Repository => {
  const read = readAddress(host.url, known);
  if ('fault' in read) throw new Error('no address');
  const credentials = { kind: 'token', token } as const;
  const { url } = host;
  return {
    url,
    address: read.address,
    branches,
    dockerfile: 'Dockerfile',
    credentials,
    username: 'oauth2',
    ...changes,
  };
};

const sourceOf = (repository: Repository, git = known) =>
  createSource({
    directory: join(folder, String(Math.random())),
    git,
    transferMs: 30_000,
    tree: { filesMax: 50, bytesMax: 1024 ** 2 },
    repository: async () => repository,
  });

/** Processes that have the text in their arguments or their environment. */
const processesWith = async (text: string): Promise<string[]> => {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const shown = numbers.flatMap((number) => ['cmdline', 'environ'].map((name) => `/proc/${number}/${name}`));
  const found: string[] = [];
  for (const file of shown) {
    // What belongs to nobody any more is gone.
    if ((await readFile(file, 'utf8').catch(() => '')).includes(text)) found.push(file);
  }
  return found;
};

/** Files below a directory that hold the text. */
const filesWith = async (text: string, below: string): Promise<string[]> => {
  const entries = await readdir(below, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const content = await readFile(join(parentPath, name), 'utf8').catch(() => '');
    if (content.includes(text)) found.push(join(parentPath, name));
  }
  return found;
};

test('a commit comes over https by token and user, which stand in no list of processes, no file and no log', async () => {
  const lines: string[] = [];
  const io = { signal: new AbortController().signal, log: (line: string) => lines.push(line) };
  const seen: { processes: string[]; files: string[]; askers: string[] }[] = [];
  host.hold = async () => {
    const askers = await processesWith(`fetch\0--progress`);
    seen.push({ processes: await processesWith(token), files: await filesWith(token, folder), askers });
  };
  const source = sourceOf(repositoryWith());
  expect(await source.resolve('dev', io)).toMatchObject({ sha, branch: 'dev' });
  host.hold = async () => {};
  // It was looked for while git waited for its answer.
  expect(seen.some(({ askers }) => askers.length > 0)).toBe(true);
  for (const { processes, files } of seen) expect({ processes, files }).toEqual({ processes: [], files: [] });
  expect(lines.join('\n')).not.toContain(token);
  const tree = join(folder, 'tree');
  await source.checkOut({ sha, branch: 'dev' }, tree, io);
  expect(await readFile(join(tree, 'Dockerfile'), 'utf8')).toBe('FROM x\n');
  expect(await filesWith(token, folder)).toEqual([]);
});

test.each([
  ['a wrong token', { credentials: { kind: 'token', token: 'CANARY-other' } }, 'token'],
  ['another user', { username: 'git' }, 'token'],
] as const)('%s is told of as such, with what to do', async (_what, changes, place) => {
  const repository = repositoryWith(changes);
  const { signal } = new AbortController();
  const asked = reachRepository(known, repository, signal);
  await expect(asked).rejects.toMatchObject({
    faults: [{ code: 'repository_login_refused', pointer: `/data/attributes/${place}` }],
  });
  await expect(asked).rejects.toThrow(/token and username/);
  await expect(asked).rejects.not.toThrow(/CANARY/);
  const built = sourceOf(repository).resolve('dev', { signal, log: () => {} });
  await expect(built).rejects.toMatchObject({ code: 'repository_login_refused', kind: 'final' });
});

test('a host whose authority is not known gets to see no token', async () => {
  const before = host.logins.length;
  const { signal } = new AbortController();
  const unknown = { fileUrls: false };
  await expect(reachRepository(unknown, repositoryWith(), signal)).rejects.toMatchObject({
    faults: [
      {
        code: 'repository_certificate_refused',
        detail: expect.stringContaining('ALFA_GIT_CA_FILE'),
        pointer: '/data/attributes/url',
      },
    ],
  });
  const built = sourceOf(repositoryWith(), unknown).resolve('dev', { signal, log: () => {} });
  await expect(built).rejects.toMatchObject({ code: 'repository_certificate_refused', kind: 'final' });
  expect(host.logins.length).toBe(before);
  expect((await reachRepository(known, repositoryWith(), signal)).heads).toEqual({ dev: sha, prod: sha });
});

test('the user stays with its token until another one is said, or all is', async () => {
  const [store, vault] = [inMemoryEventStore(), inMemoryVault()];
  await vault.ensureKey('transport');
  const handlers = { SetRepository: setRepositoryHandler({ store, vault, git: known }) };
  const set = async (data: CommandData<'SetRepository'>) => {
    const id = newId();
    const issuedAt = new Date().toISOString();
    const command = { id, name: 'SetRepository', data, actor: 'tester', issuedAt } as const;
    const { reply } = await deliver(handlers, {
      ...command,
      correlationId: id,
      causationId: id,
      fingerprint: id,
    });
    const { state, changedAt } = await loadRepository(store);
    const username = state === null ? null : shownRepository(state, changedAt).username;
    return { outcome: reply?.outcome, username };
  };
  const sealed = (secret: string) =>
    vault.seal('transport', JSON.stringify({ kind: 'token', token: secret }));
  const whole = { whole: true, url: host.url, credentials: await sealed(token) };
  expect(await set(whole)).toEqual({ outcome: 'rejected', username: null });
  const accepted = { outcome: 'accepted', username: 'oauth2' };
  expect(await set({ ...whole, username: 'oauth2' })).toEqual(accepted);
  expect(await set({ whole: false, dockerfile: 'other' })).toEqual(accepted);
  expect(await set({ whole: false, credentials: await sealed(token) })).toEqual(accepted);
  expect(await set({ whole: true, url: host.url })).toEqual(accepted);
  // The default user is not let in here.
  expect(await set(whole)).toEqual({ outcome: 'rejected', username: 'oauth2' });
});
