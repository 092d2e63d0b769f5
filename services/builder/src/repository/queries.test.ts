import { expect, test } from '@jest/globals';
import { newId, streams, type RepositoryEvent } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { ownCause } from '@alfa-cloud/operations';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { repositoryQueries } from './queries.ts';

const asked = { minPosition: null, positionWaitMs: null };

test('of a hook whose secret is lost is told how it works again', async () => {
  const [store, vault, former] = [inMemoryEventStore(), inMemoryVault(), inMemoryVault()];
  await former.ensureKey('repository');
  const event: RepositoryEvent = {
    type: 'RepositorySet',
    data: {
      url: 'https://git.example.org/app',
      branches: { dev: 'dev', prod: 'master' },
      dockerfile: 'Dockerfile',
      access: 'none',
      hookSecret: await former.seal('repository', 'secret-of-the-hook'),
    },
  };
  await store.append(streams.repository, [{ id: newId(), event }], {
    expectedRevision: 'no_stream',
    cause: ownCause(),
  });
  await expect(repositoryQueries({ store, vault }).GetGitHook?.({}, asked)).rejects.toMatchObject({
    faults: [
      { code: 'unavailable', detail: expect.stringMatching(/"hookSecret" anew \(PATCH \/repository\)/) },
    ],
  });
});
