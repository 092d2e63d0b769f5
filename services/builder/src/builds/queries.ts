import {
  message,
  reasonOf,
  reject,
  streams,
  wordsOf,
  type BranchRole,
  type BuildChangesView,
  type BuildEvent,
  type Message,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { errorName } from '@alfa-cloud/service-kit';
import type { Source } from '../source/source.ts';

export interface BuildQueriesDeps {
  store: EventStore;
  source: Pick<Source, 'between'>;
}

/** A build as far as comparing it goes. */
interface KnownBuild {
  id: string;
  branch: string | null;
  commit: string | null;
  /** It has come to an image, its own or that of an earlier build. */
  hasImage: boolean;
}

/** Answered from the events, and from the copy of the repository that this builder has. */
export const buildQueries = ({
  store,
  source,
}: BuildQueriesDeps): Pick<QueryHandlers, 'GetBuildChanges'> => ({
  async GetBuildChanges({ id, since }) {
    const { build, former } = await compared(store, id, since);
    const { commit } = build;
    const told = { buildId: id, commit };
    if (former === null) return { result: untold(told, null, 'first_build', firstBuild) };
    const { id: formerId, commit: compareTo } = former;
    if (compareTo === null || commit === null)
      return { result: untold(told, null, 'no_commit', noCommit(commit === null ? id : formerId)) };
    const compareWith = { buildId: formerId, commit: compareTo };
    const found = await asked(() => source.between(compareTo, commit));
    if ('gone' in found) return { result: untold(told, compareWith, 'commit_gone', commitGone(found.gone)) };
    const { left: leftOut, ...changes } = found;
    return { result: { ...told, since: compareWith, ...changes, leftOut, reason: null } };
  },
});

const firstBuild = message`There is no build before it on its branch that has come to an image`;
const noCommit = (id: string): Message => message`Build ${id} has not come to a commit`;
const commitGone = (gone: readonly string[]): Message =>
  message`The copy of the repository does not have ${gone.join(', ')} any more: the branch was changed by force and the commit is long ago, the copy was made anew, or another repository is set`;

const untold = (
  { buildId, commit }: Pick<BuildChangesView, 'buildId' | 'commit'>,
  since: BuildChangesView['since'],
  code: string,
  words: Message,
): BuildChangesView => ({
  buildId,
  commit,
  since,
  commits: [],
  commitsTotal: null,
  leftOut: null,
  filesChanged: null,
  reason: { code, ...reasonOf(words) },
});

/** @throws Rejection `not_found` */
const compared = async (store: EventStore, id: string, since: string | undefined) => {
  const all = await Promise.all((['dev', 'prod'] as const).map((role) => buildsOf(store, role)));
  const own = all.find((builds) => builds.some((each) => each.id === id)) ?? [];
  const index = own.findIndex((each) => each.id === id);
  const build = own[index];
  if (build === undefined) throw reject('not_found', message`There is no such build`);
  if (since === undefined) {
    const former = own.slice(0, index).findLast((each) => each.hasImage && each.branch === build.branch);
    return { build, former: former ?? null };
  }
  const former = all.flat().find((each) => each.id === since);
  if (former !== undefined) return { build, former };
  throw reject('not_found', message`There is no such build`, { parameter: 'since' });
};

/** Builds of a branch in the order in which they began. */
const buildsOf = async (store: EventStore, role: BranchRole): Promise<KnownBuild[]> => {
  const { events } = await store.read<BuildEvent>(streams.builds(role));
  const builds = new Map<string, KnownBuild>();
  for (const { type, data } of events) {
    const id = data.operationId;
    // Another one may have begun since it was queued.
    if (type === 'BuildBegun') builds.delete(id);
    const known = builds.get(id) ?? { id, branch: null, commit: null, hasImage: false };
    if (type === 'BuildCommitChosen') {
      const { commit, reusedFrom } = data;
      builds.set(id, { ...known, branch: commit.branch, commit: commit.sha, hasImage: reusedFrom !== null });
    } else builds.set(id, type === 'BuildImagePublished' ? { ...known, hasImage: true } : known);
  }
  return [...builds.values()];
};

const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (errorName(error) === 'StepFailure') throw reject('unavailable', wordsOf(error));
    throw error;
  }
};
