import { message, reject, type BranchRole, type BuildEvent, type BuiltCommit } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';

/** An image that has passed its smoke test. */
export interface PublishedImage {
  /** The build that has made it. */
  operationId: string;
  /** The server that has built it. */
  serverId: string;
  imageId: string;
  repository: string;
  tag: string;
  movingTag: string;
  /** What it was built from, besides the commit; null: not told by old events. */
  branch: string;
  dockerfile: string | null;
}

type DataOf<Type extends BuildEvent['type']> = Extract<BuildEvent, { type: Type }>['data'];

/** A build that has begun. */
export interface Build extends DataOf<'BuildBegun'> {
  /** Null until the branch is fetched. */
  commit: BuiltCommit | null;
  /** Path of the Dockerfile, chosen with the commit; null: not yet, or not told by old events. */
  dockerfile: string | null;
  /** The image of an earlier build of the same commit, or the one that this build has published. */
  image: PublishedImage | null;
  /** The image was there before. */
  isReused: boolean;
  servers: DataOf<'BuildDistributed'>['servers'];
}

/** The builds of one branch. */
export interface Builds {
  /** One at a time; null: none. */
  running: Build | null;
  /** Begins when the running one has ended; null: none. */
  queued: DataOf<'BuildQueued'> | null;
  /** The last ones, the running one last: the operation of one that has ended, or was given up while it waited, may not have come to its own end yet. */
  recent: readonly Build[];
  /** The newest image of each commit. */
  published: ReadonlyMap<string, PublishedImage>;
}

const recentMax = 20;

export type BuildCommand =
  /** `pushed`: the commit for whose sake it may wait for the end of the running one. */
  | { type: 'begin'; build: DataOf<'BuildBegun'>; pushed?: string | undefined }
  /** The queued build begins, if no other one runs. */
  | { type: 'take_turn'; operationId: string; startedAt: string }
  | {
      type: 'choose_commit';
      operationId: string;
      commit: BuiltCommit;
      dockerfile: string;
      reusedFrom: string | null;
    }
  | { type: 'publish'; image: Omit<PublishedImage, 'serverId' | 'branch' | 'dockerfile'> }
  | { type: 'distribute'; operationId: string; servers: Build['servers'] }
  | { type: 'succeed'; operationId: string }
  | { type: 'fail'; operationId: string; cause: DataOf<'BuildFailed'>['cause'] }
  | { type: 'cancel'; operationId: string };

/** The image that is there for a commit already, if it would be built by the same Dockerfile and named the same today. */
export const imageFor = (
  { published }: Pick<Builds, 'published'>,
  { sha, branch }: Pick<BuiltCommit, 'sha' | 'branch'>,
  { dockerfile, repository }: { dockerfile: string; repository: string },
): PublishedImage | null => {
  const known = published.get(sha);
  return known?.branch === branch && known.dockerfile === dockerfile && known.repository === repository
    ? known
    : null;
};

/** Every decision is taken once; what a build says that is not, or no longer, the running one has no effect. */
export const buildsDecider = (role: BranchRole): Decider<Builds, BuildCommand, BuildEvent> => ({
  initialState: () => ({ running: null, queued: null, recent: [], published: new Map() }),
  decide: (command, { running, queued }) => {
    if (command.type === 'begin') return begin(command, { running, queued });
    if (command.type === 'take_turn') {
      const { operationId, startedAt } = command;
      return running === null && queued?.operationId === operationId
        ? [{ type: 'BuildBegun', data: { ...queued, startedAt } }]
        : [];
    }
    const operationId = command.type === 'publish' ? command.image.operationId : command.operationId;
    const isEnd = command.type === 'fail' || command.type === 'cancel';
    const isGivenUp = isEnd && queued?.operationId === operationId;
    if (running?.operationId !== operationId && !isGivenUp) return [];
    const ids = { operationId, role };
    switch (command.type) {
      case 'choose_commit': {
        const { commit, dockerfile, reusedFrom } = command;
        return [{ type: 'BuildCommitChosen', data: { ...ids, commit, dockerfile, reusedFrom } }];
      }
      case 'publish':
        return [{ type: 'BuildImagePublished', data: { role, ...command.image } }];
      case 'distribute':
        return [{ type: 'BuildDistributed', data: { ...ids, servers: command.servers } }];
      case 'succeed':
        return [{ type: 'BuildSucceeded', data: ids }];
      case 'fail':
        return [{ type: 'BuildFailed', data: { ...ids, cause: command.cause } }];
      case 'cancel':
        return [{ type: 'BuildCancelled', data: ids }];
      default:
        return command satisfies never;
    }
  },
  evolve: (state, event) => {
    const { running, queued, published } = state;
    if (event.type === 'BuildQueued') return { ...state, queued: event.data };
    const isQueued = queued?.operationId === event.data.operationId;
    if (event.type === 'BuildBegun') {
      const begun = fresh(event.data);
      return {
        ...state,
        running: begun,
        queued: isQueued ? null : queued,
        recent: [...state.recent, begun].slice(-recentMax),
      };
    }
    if (isQueued && queued !== null) {
      const others = state.recent.filter((each) => each !== running);
      const recent = [...others, fresh(queued), ...(running === null ? [] : [running])];
      return { ...state, queued: null, recent: recent.slice(-recentMax) };
    }
    if (running === null) return state;
    const withRunning = (build: Build): Pick<Builds, 'running' | 'recent'> => ({
      running: build,
      recent: [...state.recent.slice(0, -1), build],
    });
    switch (event.type) {
      case 'BuildCommitChosen': {
        const { commit, dockerfile = null, reusedFrom } = event.data;
        const image = reusedFrom === null ? null : (published.get(commit.sha) ?? null);
        return {
          ...state,
          ...withRunning({ ...running, commit, dockerfile, image, isReused: image !== null }),
        };
      }
      case 'BuildImagePublished': {
        const { role: _, ...made } = event.data;
        const { commit, dockerfile, serverId } = running;
        if (commit === null) return state;
        const image = { ...made, serverId, branch: commit.branch, dockerfile };
        return {
          ...state,
          ...withRunning({ ...running, image }),
          published: new Map([...published, [commit.sha, image]]),
        };
      }
      case 'BuildDistributed':
        return { ...state, ...withRunning({ ...running, servers: event.data.servers }) };
      case 'BuildSucceeded':
      case 'BuildFailed':
      case 'BuildCancelled':
        return { ...state, running: null };
      default:
        return event satisfies never;
    }
  },
});

/** A build of which no more is known than that it was asked for. */
const fresh = (data: DataOf<'BuildBegun'>): Build => ({
  ...data,
  commit: null,
  dockerfile: null,
  image: null,
  isReused: false,
  servers: [],
});

/**
 * One build at a time. A push of another commit than the running build has is built after it: one waits for its turn, and has the newest commit then,
 * so it does for all pushes that come meanwhile.
 */
const begin = (
  { build, pushed }: Extract<BuildCommand, { type: 'begin' }>,
  { running, queued }: Pick<Builds, 'running' | 'queued'>,
): BuildEvent[] => {
  if (running === null) return [{ type: 'BuildBegun', data: build }];
  const isMissed = pushed !== undefined && running.commit?.sha !== pushed;
  if (isMissed && queued === null) return [{ type: 'BuildQueued', data: build }];
  const { operationId } = isMissed && queued !== null ? queued : running;
  throw reject('operation_in_progress', message`This branch is being built`, { meta: { operationId } });
};
