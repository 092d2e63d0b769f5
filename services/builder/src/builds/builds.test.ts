import { expect, test } from '@jest/globals';
import { deriveId, type BuildEvent } from '@alfa-cloud/contracts';
import { buildsDecider, imageFor } from './builds.ts';

const operationId = deriveId('operation');
const ids = { operationId, role: 'dev' } as const;
const commit = { sha: 'a'.repeat(40), branch: 'dev', committedAt: '2026-11-26T12:00:00.000Z', subject: 's' };
const begun = { serverId: deriveId('server'), startedAt: '', force: false, targetServers: null };
const names = { repository: 'alfa', tag: 'dev-1', movingTag: 'dev' };

/** The builds after one of the commit by this Dockerfile; undefined: by an event that does not tell it. */
const after = (dockerfile?: string) => {
  const told = dockerfile === undefined ? {} : { dockerfile };
  const events: BuildEvent[] = [
    { type: 'BuildBegun', data: { ...ids, ...begun } },
    { type: 'BuildCommitChosen', data: { ...ids, commit, ...told, reusedFrom: null } },
    { type: 'BuildImagePublished', data: { ...ids, ...names, imageId: 'sha256:1' } },
    { type: 'BuildSucceeded', data: ids },
  ];
  const decider = buildsDecider('dev');
  return events.reduce((state, event) => decider.evolve(state, event), decider.initialState());
};

test('an image is there already for the same commit, branch, Dockerfile and repository alone', () => {
  const now = { dockerfile: 'Dockerfile', repository: 'alfa' };
  const builds = after('Dockerfile');
  expect(imageFor(builds, commit, now)).toMatchObject({ imageId: 'sha256:1', operationId });
  expect(imageFor(builds, { ...commit, sha: 'b'.repeat(40) }, now)).toBeNull();
  expect(imageFor(builds, { ...commit, branch: 'next' }, now)).toBeNull();
  expect(imageFor(builds, commit, { ...now, dockerfile: 'docker/Dockerfile' })).toBeNull();
  expect(imageFor(builds, commit, { ...now, repository: 'lab' })).toBeNull();
});

test('events of before do not tell the Dockerfile: they fold, and their image is not taken', () => {
  const builds = after();
  expect(builds).toMatchObject({ running: null, recent: [{ dockerfile: null, image: { tag: 'dev-1' } }] });
  expect(imageFor(builds, commit, { dockerfile: 'Dockerfile', repository: 'alfa' })).toBeNull();
});
