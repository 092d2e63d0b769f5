import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import { factOf } from './support/browser.ts';
import { act, clientDocument, finished, followCreation, type Resource } from './support/caller.ts';
import { startWorld, type World } from './support/world.ts';

const execute = promisify(execFile);
const variants = join(import.meta.dirname, '../../testing/images/variants');

let world: World;
let clientId: string;
let serverId: string;
/** Work tree of somebody who pushes. */
let repository: string;
const hookSecret = 'secret-of-the-hook';

const git = async (...args: string[]): Promise<string> =>
  (await execute('git', ['-C', repository, ...args])).stdout.trim();

/** Commits files and pushes the branch `dev`. @returns the commit */
const commit = async (subject: string, files: Record<string, string>): Promise<string> => {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(repository, name, '..'), { recursive: true });
    await writeFile(join(repository, name), content);
  }
  await git('add', '--all');
  await git('-c', 'user.name=Test', '-c', 'user.email=test@lab.test', 'commit', '--quiet', '-m', subject);
  await git('push', '--quiet', 'origin', 'dev');
  return git('rev-parse', 'HEAD');
};

/** The same, of which the host of the repository tells as Gitea does. @returns the commit and the build that it has begun */
const push = async (
  subject: string,
  files: Record<string, string>,
): Promise<{ sha: string; buildId: string }> => {
  const before = await git('rev-parse', 'HEAD');
  const sha = await commit(subject, files);
  const body = JSON.stringify({ ref: 'refs/heads/dev', before, after: sha, commits: [{ id: sha }] });
  const signature = createHmac('sha256', hookSecret).update(body).digest('hex');
  const answer = await fetch(`${world.url}/hooks/git`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-gitea-event': 'push',
      'x-gitea-delivery': randomUUID(),
      'x-gitea-signature': signature,
    },
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  expect({ status: answer.status, text }).toMatchObject({ status: 202 });
  const { meta } = JSON.parse(text) as { meta: { outcome: string; operationIds: string[] } };
  expect(meta).toMatchObject({ outcome: 'started', operationIds: [expect.any(String)] });
  return { sha, buildId: meta.operationIds[0] ?? '' };
};

const dockerfile = (...more: string[]) =>
  [
    'FROM alfa/client:1',
    'LABEL org.opencontainers.image.version=7',
    'COPY --chown=33:33 app/ /app/',
    ...more,
    '',
  ].join('\n');

beforeAll(async () => {
  world = await startWorld({
    env: { ALFA_AVAILABILITY_INTERVAL_S: '1', ALFA_GIT_FILE_URLS: 'true' },
  });
  repository = join(world.directory, 'work');
  const shared = join(world.directory, 'repository.git');
  await mkdir(repository);
  await git('init', '--quiet', '--initial-branch=dev');
  await git('init', '--quiet', '--bare', shared);
  await git('remote', 'add', 'origin', shared);
  await commit('Nothing yet', { Dockerfile: dockerfile() });
  await git('push', '--quiet', 'origin', 'dev:master');
  const attributes = { url: `file://${shared}`, hookSecret, afterBuild: { dev: { switch: 'all' } } };
  const set = await world.call('PUT', '/repository', { data: { type: 'repositories', attributes } });
  expect(set).toMatchObject({ status: 200 });
  serverId = (await world.register()).id;
  const document = clientDocument(serverId, 'first', 'alfa/client:1');
  const { body } = await world.call('POST', '/clients/create', document);
  clientId = body.data.id;
  expect((await followCreation(world.call, clientId)).attributes).toMatchObject({ completed: 'ok' });
}, 240_000);
afterAll(() => world?.dispose(), 60_000);

const build = async (query = '') => {
  const { status, body } = await world.call('POST', `/containers/build_dev${query}`);
  expect({ status, body }).toMatchObject({ status: 202 });
  return body.data.id as string;
};
const version = async () => {
  const client = (await world.call('GET', `/clients/${clientId}`)).body.data;
  return factOf((await world.visit(client.links.cloud, '/')).text, 'version');
};
const logOf = async (id: string): Promise<string> =>
  JSON.stringify((await world.call('GET', `/operations/${id}/log`)).body);

/** The switches of many clients that rules have begun. */
const switches = async (): Promise<string[]> => {
  const { body } = await world.call('GET', '/operations?filter[kind]=clients.switch');
  return (body.data as Resource[]).map(({ id }) => id);
};

/** What a build that has not succeeded must leave as it is. */
const standing = async () => {
  const { docker } = world.place.server;
  const images = await docker.images();
  const { networks } = await docker.inventory();
  return {
    dev: (await docker.image('alfa:dev'))?.id,
    withoutName: images.filter(({ references }) => references.length === 0).map(({ id }) => id),
    kept: images.flatMap(({ references }) => references.filter((name) => name.startsWith('alfa-keep/build'))),
    containers: (await docker.listContainers()).map(({ name }) => name).toSorted(),
    networks: networks.map(({ name }) => name).toSorted(),
  };
};

/** What a killed smoke test has left goes on request, and nothing else does. */
const leftovers = async (buildId: string, { image, imageId }: { image: string; imageId: string }) => {
  const { docker } = world.place.server;
  const before = await standing();
  const name = `alfa.smoke.${buildId}.0`;
  const labels = {
    'cloud.alfa.managed': 'true',
    'cloud.alfa.server': serverId,
    'cloud.alfa.operation': buildId,
  };
  await docker.createNetwork(name, { labels, internal: true });
  const { status, body } = await world.call('POST', `/servers/${serverId}/cleanup?dryRun=true`);
  const plan = body.data.attributes as unknown as {
    remove: unknown[];
    kept: { id: string; references: string[]; reasons: { code: string }[] }[];
  };
  expect({ status, plan }).toMatchObject({ plan: { remove: [], leftovers: [{ kind: 'network', name }] } });
  const kept = plan.kept.find(({ id }) => id === imageId);
  expect(kept?.references.toSorted()).toEqual(['alfa:dev', image].toSorted());
  expect(kept?.reasons.map(({ code }) => code)).toEqual(['newest', 'moving_tag', 'client', 'container']);
  const cleaned = await act(world.call, 'POST', `/servers/${serverId}/cleanup`);
  expect(cleaned).toMatchObject({ status: 'ok', result: { imagesTotal: 0, leftovers: 1, freedBytes: 0 } });
  expect(await standing()).toEqual(before);
};

test('a pushed commit becomes an image that a client is switched to; later ones that do not work leave everything as it is', async () => {
  const before = await standing();
  const { sha, buildId: first } = await push('Version 7', {
    Dockerfile: dockerfile('RUN php -r "echo PHP_VERSION;"'),
    'app/VERSION': '7\n',
    '.dockerignore': '*.md\n',
    'README.md': '# left out\n',
  });
  const { status, result, error } = (await finished(world.call, first)) as unknown as {
    status: string;
    error: unknown;
    result: { image: string; imageId: string; commit: string };
  };
  expect({ status, error, log: status === 'ok' ? '' : await logOf(first) }).toEqual({
    status: 'ok',
    error: null,
    log: '',
  });
  expect(result).toMatchObject({ commit: sha, branch: 'dev', built: true, servers: [{ outcome: 'ok' }] });
  expect(result.image).toMatch(new RegExp(`^alfa:dev-\\d{8}-\\d{6}-${sha.slice(0, 7)}$`));
  expect(await standing()).toEqual({ ...before, dev: result.imageId });
  expect((await world.call('GET', `/builds/${first}`)).body.data.attributes).toMatchObject({
    status: 'ok',
    commit: { sha, subject: 'Version 7', branch: 'dev' },
    tags: [result.image, 'alfa:dev'],
  });
  await eventually('the list of images tells the build', async () => {
    const { data } = (await world.call('GET', '/images?filter[reference]=alfa:dev')).body;
    const [image] = data as Resource[];
    const told = image?.attributes as { build: { buildId: string; commit: string } | null } | undefined;
    return told?.build?.buildId === first && told.build.commit === sha ? true : undefined;
  });

  const [switching = ''] = await eventually('the rule has begun a switch', async () => {
    const begun = await switches();
    return begun.length > 0 ? begun : undefined;
  });
  expect(await finished(world.call, switching)).toMatchObject({
    status: 'ok',
    progress: { done: 1, failed: 0 },
  });
  expect(await version()).toBe('7');

  const again = await finished(world.call, await build());
  expect(again).toMatchObject({ status: 'ok', result: { built: false, imageId: result.imageId } });

  await leftovers(first, result);
  const good = await standing();
  await cp(join(variants, 'badmigration', 'app'), join(repository, 'app'), { recursive: true });
  const { buildId: second } = await push('A migration that fails', { 'app/VERSION': '8\n' });
  expect(await finished(world.call, second)).toMatchObject({
    status: 'error',
    error: { code: 'smoke_test_failed', step: 'smoke-test' },
  });
  expect(await standing()).toEqual(good);
  expect([await version(), await switches()]).toEqual(['7', [switching]]);
  expect((await world.call('GET', `/builds/${second}/changes`)).body.data).toMatchObject({
    attributes: {
      sinceCommit: sha,
      commitsTotal: 1,
      commits: [{ author: 'Test', subject: 'A migration that fails' }],
      leftOut: 0,
      reason: null,
    },
  });
  const told = await world.call('GET', '/history?filter[kind]=image.build_dev');
  expect(told.body.data).toMatchObject([
    { attributes: { status: 'error', reason: expect.stringContaining('migrate') } },
    { attributes: { status: 'ok' } },
    { attributes: { status: 'ok', summary: expect.stringContaining(`Image ${result.image} built`) } },
  ]);

  await commit('A command that fails', { Dockerfile: dockerfile('RUN echo one > /tmp/one', 'RUN exit 3') });
  const third = await build();
  expect(await finished(world.call, third)).toMatchObject({ error: { code: 'build_command_failed' } });
  expect(await standing()).toEqual(good);

  await commit('A command that takes long', {
    Dockerfile: dockerfile('RUN echo two > /tmp/two', 'RUN echo it begins; sleep 300'),
  });
  const fourth = await build();
  const containers = async () => (await world.place.server.docker.listContainers()).length;
  await eventually(
    'the command runs',
    async () => (await containers()) > good.containers.length || undefined,
  );
  await world.call('POST', `/operations/${fourth}/cancel`);
  expect(await finished(world.call, fourth)).toMatchObject({ status: 'cancelled' });
  await eventually(
    'nothing of it is left',
    async () => {
      expect(await standing()).toEqual(good);
      return true;
    },
    { timeoutMs: 30_000 },
  );
}, 240_000);
