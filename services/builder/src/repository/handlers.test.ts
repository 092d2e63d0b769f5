import { expect, test } from '@jest/globals';
import {
  newId,
  streams,
  type CommandData,
  type CommandName,
  type RepositoryEvent,
} from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { deliver } from '@alfa-cloud/messaging/testing';
import { ownCause } from '@alfa-cloud/operations';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { checkRepositoryHandler, setRepositoryHandler } from './handlers.ts';

const commandOf = <Name extends CommandName>(name: Name, data: CommandData<Name>) => {
  const id = newId();
  const issuedAt = new Date().toISOString();
  return { id, name, data, actor: 'tester', correlationId: id, causationId: id, issuedAt, fingerprint: id };
};

/** The commands where the repository was set so. */
const handlersFor = async (url: string, credentials: string, hookSecret?: string) => {
  const store = inMemoryEventStore();
  const branches = { dev: 'dev', prod: 'master' };
  const data = { url, branches, dockerfile: 'Dockerfile', access: 'token' as const, credentials };
  const hook = hookSecret === undefined ? {} : { hookSecret };
  const event: RepositoryEvent = { type: 'RepositorySet', data: { ...data, ...hook } };
  await store.append(streams.repository, [{ id: newId(), event }], {
    expectedRevision: 'no_stream',
    cause: ownCause(),
  });
  const deps = { store, vault: inMemoryVault(), git: { fileUrls: false } };
  return { SetRepository: setRepositoryHandler(deps), CheckRepository: checkRepositoryHandler(deps) };
};

/** Sealed by a key that is not there any more. */
const lostSeal = async (): Promise<string> => {
  const vault = inMemoryVault();
  await vault.ensureKey('repository');
  return vault.seal('repository', '{}');
};

test('a repository whose credentials are lost, or whose address is allowed no more, is told of in words', async () => {
  const foreign = await lostSeal();
  const lost = await handlersFor('https://git.example.org/app', foreign);
  const barred = await handlersFor('file:///srv/app', foreign);
  const failed = { outcome: 'rejected', faults: [{ code: 'repository_failed' }] };
  for (const handlers of [lost, barred])
    expect((await deliver(handlers, commandOf('CheckRepository', {}))).reply).toMatchObject(failed);
  const change = commandOf('SetRepository', { whole: false, dockerfile: 'other' });
  expect((await deliver(lost, change)).reply).toMatchObject(failed);
});

test('a user of a token that is not there is refused', async () => {
  const handlers = await handlersFor('https://git.example.org/app', await lostSeal());
  const change = commandOf('SetRepository', { whole: false, credentials: null, username: 'oauth2' });
  expect((await deliver(handlers, change)).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'validation_failed', pointer: '/data/attributes/username' }],
  });
});

test('of a lost secret of the hook is told that it is the one to be sent anew', async () => {
  const foreign = await lostSeal();
  const lost = await handlersFor('https://git.example.org/app', foreign, foreign);
  const change = commandOf('SetRepository', { whole: false, credentials: null });
  expect((await deliver(lost, change)).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'repository_failed', detail: expect.stringMatching(/^The secret of the hook/) }],
  });
});
