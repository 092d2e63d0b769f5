import {
  type BulkRequest,
  type ClientView,
  message,
  migrateAllClients,
  migrateClient,
  newId,
  type OperationEvent,
} from '@alfa-cloud/contracts';
import { EventStoreUnavailable, type EventStore } from '@alfa-cloud/event-sourcing';
import {
  createExecutor,
  executionOf,
  StepFailure,
  type OperationObserver,
  type StepsOf,
  type StepWork,
} from '@alfa-cloud/operations';
import { bulkOperation } from '../src/bulk/bulk-operation.ts';
import { createPlaces } from '../src/domain/places.ts';
import { clientOperation } from '../src/operations/common/client-operation.ts';
import type { OperationsDeps } from '../src/operations/common/module.ts';
import type { InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import type { ClientOnServer } from '../src/on-server/client-on-server.ts';
import { fakeLaboratory } from './fake-laboratory.ts';
import { commandOf, inNoTime, startRig } from './rig.ts';

/** The clients of a store as the read models would list them. */
export const listedIn = (store: () => InMemoryEventStore): Pick<QueryHandlers, 'ListClients'> => ({
  ListClients: async ({ page }) => {
    const deleted = new Set<string>();
    const created: { id: string }[] = [];
    for (const { type, data } of store().all()) {
      if (type === 'ClientCreated') created.push({ id: data.clientId });
      if (type === 'ClientDeleted') deleted.add(data.clientId);
    }
    const items = created.filter(({ id }) => !deleted.has(id)) as ClientView[];
    const begin = (page.number - 1) * page.size;
    return { result: { items: items.slice(begin, begin + page.size), total: items.length, servers: [] } };
  },
});

/** A process that dies at one of its points: whatever it does afterwards fails at once, as an outage does, and has no effect. */
export class Life {
  points = 0;
  readonly #at: number;

  constructor(at = Infinity) {
    this.#at = at;
  }

  get isOver(): boolean {
    return this.points >= this.#at;
  }

  point(): void {
    if (!this.isOver) this.points += 1;
    if (this.isOver) throw new EventStoreUnavailable('The process died');
  }

  over(store: EventStore): EventStore {
    return {
      read: (stream, options) => {
        if (this.isOver) this.point();
        return store.read(stream, options);
      },
      append: async (stream, events, options) => {
        this.point();
        const result = await store.append(stream, events, options);
        this.point();
        return result;
      },
    };
  }
}

export interface Touched {
  /** What the operation did, in order: `a+` touched. */
  journal: string[];
  /** Most at work at the same time. */
  most: number;
}

/** Clients, and an operation over them that touches each one; who is in `failing` fails. */
export const startBulkRig = async (slugs: readonly string[]) => {
  const rig = await startRig({
    cloud: fakeLaboratory(),
    creation: inNoTime,
  });
  const registration = rig.registration();
  await rig.send(registration);
  const ids = new Map<string, string>();
  for (const slug of slugs) {
    const creation = await rig.creation(registration.data.serverId, { slug });
    await rig.send(creation);
    ids.set(slug, creation.data.clientId);
  }
  const failing = new Set<string>();
  const touched: Touched = { journal: [], most: 0 };
  /** Told when a client is touched, before it is. */
  const hooks: { onTouch?: (slug: string) => Promise<void> | void } = {};
  let working = 0;

  const touch = (operationId: string, life: Life): StepWork<ClientOnServer> => {
    const mark = ({ client }: ClientOnServer) => `${client.slug} ${operationId}`;
    return {
      deadlineMs: 5000,
      probe: async (client) => touched.journal.includes(mark(client)),
      async act(client) {
        life.point();
        working += 1;
        touched.most = Math.max(touched.most, working);
        try {
          await hooks.onTouch?.(client.client.slug);
          await new Promise((resolve) => setImmediate(resolve));
          if (failing.has(client.client.slug))
            throw new StepFailure('final', 'broken', message`It is broken`);
          touched.journal.push(mark(client));
        } finally {
          working -= 1;
        }
        life.point();
      },
    };
  };
  const touching = (life: Life) =>
    clientOperation(migrateClient, () => ({
      steps: ({ operationId }) =>
        ({ migrate: touch(operationId, life) }) as unknown as StepsOf<typeof migrateClient, ClientOnServer>,
      outcome: async () => ({ fact: { type: 'ClientMigrated', data: {} } }),
    }));

  const command = (data: BulkRequest['data'] = {}) => ({
    ...commandOf('MigrateAllClients', data),
  });
  type Sent = ReturnType<typeof command>;

  /** Delivers the command to one life of a process. */
  const deliver = async (
    sent: Sent,
    { life = new Life(), observer }: { life?: Life; observer?: OperationObserver } = {},
  ) => {
    const stopping = new AbortController();
    const store = life.over(rig.store);
    const execute = createExecutor({
      store,
      worker: newId(),
      logger: createLogger({ service: 'test', level: 'silent' }),
      perServer: 4,
      observer: async (moment) => {
        life.point();
        await observer?.(moment);
      },
    });
    const cloudServers = { of: () => rig.cloud, close: async () => {} };
    const deps = { store, vault: rig.vault, cloudServers } as Partial<OperationsDeps> as OperationsDeps;
    const bulk = bulkOperation(
      {
        store,
        execute,
        cloudServers,
        queries: querySenderOf(listedIn(() => rig.store)),
        places: createPlaces({ store, count: async () => [] }),
        monitored: () => null,
        childPace: { busyMs: 50, lookMs: 1, retryMs: 1 },
      },
      { operation: migrateAllClients, child: touching(life).implement(deps) },
    );
    const delivery = { command: sent, attempt: 1, signal: stopping.signal, accepted: async () => {} };
    return execute(bulk, executionOf(delivery));
  };
  return {
    ...rig,
    ids,
    serverId: registration.data.serverId,
    idOf: (slug: string): string => ids.get(slug) ?? '',
    failing,
    touched,
    hooks,
    command,
    deliver,
    /** Slugs touched, in order. */
    touchedSlugs: () => touched.journal.map((mark) => mark.split(' ')[0] ?? ''),
    typesOf: async (operationId: string): Promise<OperationEvent['type'][]> =>
      (await rig.eventsOf(operationId)).map(({ type }) => type),
  };
};

export type BulkRig = Awaited<ReturnType<typeof startBulkRig>>;
