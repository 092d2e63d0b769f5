import { expect, test } from '@jest/globals';
import { deriveId, newId, streams, type BranchRole, type BuildEvent } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { ownCause } from '@alfa-cloud/operations';
import type { Source } from '../source/source.ts';
import { buildQueries } from './queries.ts';

const id = (name: string) => deriveId('build', name);
const sha = (name: string) => name.repeat(40).slice(0, 40);
const lost = sha('9');

/** Builds of these names on both branches, one after the other; how far each has come. */
const start = async (
  builds: readonly [name: string, role: BranchRole, end: 'queued' | 'begun' | 'failed' | 'ok' | 'reused'][],
) => {
  const store = inMemoryEventStore();
  for (const role of ['dev', 'prod'] as const) {
    const events = builds.flatMap(([name, of, end]): BuildEvent[] => {
      if (of !== role) return [];
      const ids = { operationId: id(name), role };
      const begun = { serverId: id('server'), startedAt: '', force: false, targetServers: null };
      if (end === 'queued') return [{ type: 'BuildQueued', data: { ...ids, ...begun } }];
      const commit = { sha: sha(name), branch: role, committedAt: '', subject: '' };
      const reusedFrom = end === 'reused' ? id('x') : null;
      const image = { imageId: 'i', repository: 'alfa', tag: 't', movingTag: 'm' };
      return [
        { type: 'BuildBegun', data: { ...ids, ...begun } },
        ...(end === 'begun'
          ? []
          : [{ type: 'BuildCommitChosen' as const, data: { ...ids, commit, reusedFrom } }]),
        ...(end === 'ok' ? [{ type: 'BuildImagePublished' as const, data: { ...ids, ...image } }] : []),
      ];
    });
    if (events.length === 0) continue;
    await store.append(
      streams.builds(role),
      events.map((event) => ({ id: newId(), event })),
      { expectedRevision: 'no_stream', cause: ownCause() },
    );
  }
  const between: Source['between'] = async (from, to) => {
    const gone = [from, to].filter((each) => each === lost);
    return gone.length > 0 ? { gone } : { commits: [], commitsTotal: 3, left: 1, filesChanged: 2 };
  };
  const { GetBuildChanges } = buildQueries({ store, source: { between } });
  return async (name: string, since?: string) => {
    const asked = { id: id(name), ...(since === undefined ? {} : { since: id(since) }) };
    const answer = await GetBuildChanges?.(asked, { minPosition: null, positionWaitMs: null });
    if (answer === undefined || !('result' in answer)) throw new Error('no answer');
    return answer.result;
  };
};

test('a build is compared with the last one before it of its branch that has come to an image', async () => {
  const ask = await start([
    ['1', 'dev', 'ok'],
    ['2', 'dev', 'reused'],
    ['3', 'prod', 'ok'],
    ['4', 'dev', 'failed'],
    ['5', 'dev', 'ok'],
  ]);
  expect(await ask('5')).toEqual({
    buildId: id('5'),
    commit: sha('5'),
    since: { buildId: id('2'), commit: sha('2') },
    commits: [],
    commitsTotal: 3,
    leftOut: 1,
    filesChanged: 2,
    reason: null,
  });
  expect(await ask('2')).toMatchObject({ since: { buildId: id('1') } });
  expect(await ask('5', '3')).toMatchObject({ since: { buildId: id('3') } });
});

test('a build that has waited comes after one that began meanwhile', async () => {
  const ask = await start([
    ['1', 'dev', 'ok'],
    ['3', 'dev', 'queued'],
    ['2', 'dev', 'ok'],
    ['3', 'dev', 'ok'],
  ]);
  expect(await ask('3')).toMatchObject({ since: { buildId: id('2') } });
  expect(await ask('2')).toMatchObject({ since: { buildId: id('1') } });
});

test('what nobody can tell is said in words', async () => {
  const ask = await start([
    ['1', 'dev', 'ok'],
    ['9', 'dev', 'ok'],
    ['3', 'dev', 'ok'],
    ['4', 'dev', 'begun'],
  ]);
  const unknown = { commits: [], commitsTotal: null, leftOut: null, filesChanged: null };
  expect(await ask('1')).toMatchObject({ ...unknown, since: null, reason: { code: 'first_build' } });
  expect(await ask('3')).toMatchObject({
    ...unknown,
    since: { commit: lost },
    reason: { code: 'commit_gone' },
  });
  expect(await ask('3', '4')).toMatchObject({ ...unknown, reason: { code: 'no_commit' } });
  await expect(ask('7')).rejects.toMatchObject({ faults: [{ code: 'not_found' }] });
  await expect(ask('3', '7')).rejects.toMatchObject({
    faults: [{ code: 'not_found', parameter: 'since' }],
  });
});
