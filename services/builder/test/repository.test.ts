import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  eventually,
  startFarm,
  temporaryDirectory,
  type Farm,
  type FarmServer,
  type TemporaryDirectory,
} from '@alfa-cloud/testing';
import { reachRepository } from '../src/repository/reach-repository.ts';
import { createSource } from '../src/source/create-source.ts';
import { readAddress } from '../src/source/repository-address.ts';
import type { Repository, RepositoryCredentials } from '../src/source/repository.ts';
import type { Source, SourceIo } from '../src/source/source.ts';

let farm: Farm;
let machine: FarmServer;
let place: TemporaryDirectory;
let sha: string;
const git = { fileUrls: false };
const io: SourceIo = { signal: new AbortController().signal, log: () => {} };

/** Work of the user `alfa` in a directory of the farm server. */
const asUser = (script: string) => machine.run('su', 'alfa', '-s', '/bin/sh', '-c', script);

beforeAll(async () => {
  place = await temporaryDirectory('alfa-repository-');
  farm = await startFarm([{}]);
  [machine] = farm.servers as [FarmServer];
  sha = (
    await asUser(
      `cd /srv/alfa && git init --quiet --initial-branch=dev work && cd work && echo 'FROM x' > Dockerfile && git add . &&
       git -c user.name=Ada -c user.email=a@b commit --quiet -m First && git branch master &&
       git clone --quiet --bare . /srv/alfa/app.git && git rev-parse HEAD`,
    )
  ).trim();
}, 60_000);
afterAll(async () => {
  await farm?.dispose();
  await place.remove();
});

const keyOf = ({
  privateKey,
  passphrase,
}: {
  privateKey: string;
  passphrase?: string;
}): RepositoryCredentials => ({
  kind: 'key',
  privateKey,
  ...(passphrase === undefined ? {} : { passphrase }),
});

const repositoryAt = (options: Partial<Repository> & { url?: string } = {}): Repository => {
  const url = options.url ?? `ssh://alfa@${machine.address}/srv/alfa/app.git`;
  const read = readAddress(url, git);
  if ('fault' in read) throw new Error('no address');
  const branches = { dev: 'dev', prod: 'master' };
  return {
    url,
    address: read.address,
    branches,
    dockerfile: 'Dockerfile',
    credentials: keyOf(farm.keys.ed25519),
    ...options,
  };
};
const reach = (options?: Partial<Repository>) => reachRepository(git, repositoryAt(options), io.signal);
const faultsOf = (options: Partial<Repository>): Promise<unknown> =>
  reach(options).then(
    () => [],
    ({ faults }: { faults: { code: string; pointer: string }[] }) =>
      faults.map(({ code, pointer }) => [code, pointer]),
  );
const sourceOf = (repository: Repository): Source =>
  createSource({
    directory: join(place.path, String(Math.random())),
    git,
    transferMs: 30_000,
    tree: { filesMax: 50, bytesMax: 1024 ** 2 },
    repository: async () => repository,
  });

test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
  'a repository lets us in by a key of type %s',
  async (type) => {
    const { hostKey, heads } = await reach({ credentials: keyOf(farm.keys[type]) });
    expect(heads).toEqual({ dev: sha, prod: sha });
    expect(hostKey?.text).toBe(machine.hostKey('ed25519'));
  },
);

const ofGit = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('alfa-git-'));

test('a commit comes over ssh, also by the short form of the address, and no key is left anywhere', async () => {
  const before = await ofGit();
  for (const url of [undefined, `alfa@${machine.address}:/srv/alfa/app.git`]) {
    const repository = repositoryAt(url === undefined ? {} : { url });
    const { hostKey } = await reach(repository);
    const source = sourceOf({ ...repository, hostKey: hostKey?.text ?? '' });
    const commit = await source.resolve('dev', io);
    expect(commit.sha).toBe(sha);
    const folder = join(place.path, `tree-${url ?? ''}`.replaceAll('/', '_'));
    await source.checkOut(commit, folder, io);
    expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe('FROM x\n');
  }
  const since = (await ofGit()).filter((name) => !before.includes(name));
  // Those of other tests, which run beside this one, go by themselves.
  await eventually('none of them is left', async () => {
    const now = await ofGit();
    return since.every((name) => !now.includes(name));
  });
});

test('what is wrong is told with its place in the request', async () => {
  const { passphrase: _, ...withoutPassphrase } = farm.keys.rsa;
  const other = keyOf({ privateKey: farm.keys.ed25519.publicKey });
  expect(await faultsOf({ credentials: keyOf(withoutPassphrase) })).toEqual([
    ['passphrase_required', '/data/attributes/passphrase'],
  ]);
  expect(await faultsOf({ credentials: keyOf({ ...withoutPassphrase, passphrase: 'no' }) })).toEqual([
    ['passphrase_wrong', '/data/attributes/passphrase'],
  ]);
  expect(await faultsOf({ credentials: other })).toEqual([['key_unreadable', '/data/attributes/privateKey']]);
  expect(await faultsOf({ branches: { dev: 'dev', prod: 'main' } })).toEqual([
    ['branch_missing', '/data/attributes/branches/prod'],
  ]);
  expect(await faultsOf({ branches: { dev: '--upload-pack=x', prod: 'main..x' } })).toEqual([
    ['validation_failed', '/data/attributes/branches/dev'],
    ['validation_failed', '/data/attributes/branches/prod'],
  ]);
  const at = (url: string) => faultsOf(repositoryAt({ url }));
  expect(await at(`ssh://alfa@${machine.address}/srv/alfa/none.git`)).toEqual([
    ['repository_not_found', '/data/attributes/url'],
  ]);
  expect(await at(`ssh://alfa@${machine.address}:2/srv/alfa/app.git`)).toEqual([
    ['repository_unreachable', '/data/attributes/url'],
  ]);
  expect(await at('ssh://alfa@nowhere.invalid/app.git')).toEqual([['host_unknown', '/data/attributes/url']]);
  expect(await at(`ssh://somebody@${machine.address}/srv/alfa/app.git`)).toEqual([
    ['repository_login_refused', '/data/attributes/privateKey'],
  ]);
});

test('another host key than the known one gets to see no login, until it is accepted', async () => {
  const hostKey = machine.hostKey('ed25519');
  const source = sourceOf(repositoryAt({ hostKey }));
  await source.resolve('dev', io);
  await machine.changeHostKeys();
  const ended = await machine.nextConnections();
  await expect(source.resolve('dev', io)).rejects.toMatchObject({
    code: 'repository_host_key_changed',
    kind: 'final',
  });
  expect(await faultsOf({ hostKey })).toEqual([['repository_host_key_changed', '/data/attributes/hostKey']]);
  expect(await ended()).not.toMatch(/publickey/i);
  const accepted = await reach({ hostKey: machine.hostKey('ed25519') });
  expect(accepted.heads.dev).toBe(sha);
});
