import {
  message,
  streams,
  type BranchRole,
  type BuildEvent,
  type ClientView,
  type OperationView,
  type Page,
  type PageRequest,
} from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import { listWhole, type QuerySender } from '@alfa-cloud/messaging';
import { StepFailure } from '@alfa-cloud/operations';
import { buildsDecider, type PublishedImage } from '../builds/builds.ts';
import { meantBy } from '../image/meant-names.ts';
import { askedInStep } from '../servers/read-models.ts';

/** All that may need an image, as far as Alfa Cloud knows; what stands on a server is looked at there. */
export interface Needs {
  clients: readonly Pick<ClientView, 'id' | 'slug' | 'image' | 'imageId' | 'previousImage'>[];
  /** Operations that have not ended, with every word of their parameters and the id of their target: what an image is called may be among them. */
  operations: readonly { id: string; kind: string; words: ReadonlySet<string> }[];
  /** Every build of this installation that has begun. */
  builds: ReadonlySet<string>;
  /** Those that have not ended, with the image that they bring to servers. */
  running: readonly { operationId: string; image: PublishedImage | null }[];
  /** Repositories that images of builds have had their names in. */
  repositories: ReadonlySet<string>;
}

interface NeedsDeps {
  store: EventStore;
  queries: QuerySender;
}

interface Asked {
  /** The operation that asks: it needs nothing. */
  but: string | null;
  /** Position of an event that the read models must have taken in; null: as they are. */
  from: bigint | null;
  signal: AbortSignal;
}

const roles = ['dev', 'prod'] as const satisfies readonly BranchRole[];
const unended = ['accepted', 'running', 'cancelling'] as const;

/**
 * Operations come first: one that ends meanwhile is among them, or its effect is in what is asked after. Failures: transient
 * `read_models_away`, `read_models_behind`.
 */
export const needsOf = async (deps: NeedsDeps, asked: Asked): Promise<Needs> => {
  const { signal, from, but } = asked;
  const queries = askedInStep(deps.queries);
  const options = { signal, ...(from === null ? {} : { minPosition: String(from) }) };
  const fresh = async <T>(answer: Promise<{ result: T; stale: boolean }>): Promise<T> => {
    const { result, stale } = await answer;
    if (stale) throw behind(message`The read models are behind the events`);
    return result;
  };
  const operations: OperationView[] = [];
  for (const status of unended) {
    const listed = await wholeList(
      (page) => fresh(queries.ask('ListOperations', { page, filter: { status } }, options)),
      signal,
    );
    operations.push(...listed.filter(({ id }) => id !== but));
  }
  const builds = await Promise.all(roles.map((role) => buildsOf(deps.store, role)));
  const sort = [{ field: 'slug', descending: false }] as const;
  const clients = await wholeList(
    (page) =>
      fresh(
        queries.ask('ListClients', { page, sort: [...sort], filter: {}, includeServers: false }, options),
      ),
    signal,
  );
  return {
    clients,
    operations: operations.map(({ id, kind, parameters, target }) => ({
      id,
      kind,
      words: wordsIn([parameters, target.id]),
    })),
    builds: new Set(builds.flatMap(({ begun }) => begun)),
    running: builds.flatMap(({ running }) => (running === null ? [] : [running])),
    repositories: new Set(builds.flatMap(({ repositories }) => repositories)),
  };
};

const buildsOf = async (store: EventStore, role: BranchRole) => {
  const { events } = await store.read<BuildEvent>(streams.builds(role));
  return {
    begun: events.flatMap(({ type, data }) => (type === 'BuildBegun' ? [data.operationId] : [])),
    repositories: events.flatMap(({ type, data }) =>
      type === 'BuildImagePublished' ? [data.repository] : [],
    ),
    running: fold(buildsDecider(role), events).running,
  };
};

/** Every text in a value, and what images it may mean. */
export const wordsIn = (value: unknown): ReadonlySet<string> => {
  const words = new Set<string>();
  const add = (each: unknown): void => {
    if (typeof each === 'string') for (const word of [each, ...meantBy(each)]) words.add(word);
    else if (typeof each === 'object' && each !== null) Object.values(each).forEach(add);
  };
  add(value);
  return words;
};

/** All of a list of the read models. Failures: transient `read_models_behind`. */
export const wholeList = async <Item extends { id: string }>(
  ask: (page: PageRequest) => Promise<Page<Item>>,
  signal: AbortSignal,
): Promise<Item[]> => {
  const listed = await listWhole(ask, signal);
  if (listed !== null) return listed;
  throw behind(message`A list of the read models changed while it was read`);
};

const behind = (words: ReturnType<typeof message>): StepFailure =>
  new StepFailure('transient', 'read_models_behind', words);
