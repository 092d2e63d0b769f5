import { join } from 'node:path';
import { createApiGateway, readGatewayConfig } from '@alfa-cloud/api-gateway';
import { deriveId, subjects } from '@alfa-cloud/contracts';
import { connectEventStore, type EventStoreConnection } from '@alfa-cloud/event-sourcing';
import { connectMessaging, type Messaging } from '@alfa-cloud/messaging';
import { createProjector } from '@alfa-cloud/projector';
import {
  actionStory,
  bulkStory,
  childStory,
  clientIdOf,
  clientStory,
  serverIdOf,
  serverStory,
  type PlacedEvent,
} from '@alfa-cloud/projector/testing';
import { createVault, hashPassword, openKeyStore, type Vault } from '@alfa-cloud/secrets';
import { createLogger, createMetrics, systemClock } from '@alfa-cloud/service-kit';
import { eventually, freePort, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { startEventStoreProcess } from './event-store-process.ts';

/** Gateway and projector over clients that exist in events only: for screens that show many of them. */
export interface GeneratedWorld extends AsyncDisposable {
  readonly url: string;
  /** Of the gateway, on 127.0.0.1. */
  readonly port: number;
  readonly login: string;
  readonly password: string;
  /** Ends the gateway, and starts it again at the same address. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

const observeEveryMs = 10_000;
const dayMs = 86_400_000;
const writers = 16;
const cause = {
  commandId: 'generated',
  correlationId: 'generated',
  causationId: 'generated',
  actor: 'admin',
};
const serverNames = ['moscow-1', 'moscow-2', 'kazan'] as const;
const words = [
  'Здоровье',
  'Гармония',
  'Диагностика',
  'Медлаб',
  'Анализ-Центр',
  'Гемотест',
  'Биомед',
  'Доктор',
];
const towns = [
  'Казань',
  'Тверь',
  'Самара',
  'Пермь',
  'Омск',
  'Тула',
  'Уфа',
  'Сочи',
  'Псков',
  'Рязань',
  'Томск',
];

const slugOf = (index: number): string => `lab-${String(index + 1).padStart(3, '0')}`;
const serverOf = (index: number): string => serverNames[index % serverNames.length] ?? 'moscow-1';
const isDown = (index: number): boolean => index % 67 === 5;

/**
 * @param clients how many there are
 * @param created of how many of them the operation that created them is told too: most of the events are its steps and its log
 */
export const startGeneratedWorld = async (clients: number, created = clients): Promise<GeneratedWorld> => {
  await using started = new AsyncDisposableStack();
  const logger = createLogger({ service: 'generated', level: 'fatal' });
  const directory = started.adopt(await temporaryDirectory('alfa-generated-'), (place) => place.remove());
  const nats = started.use(await startNatsServer());
  const events = started.adopt(await startEventStoreProcess(join(directory.path, 'events')), (store) =>
    store.kill(),
  );
  const messaging = started.adopt(
    await connectMessaging({ url: nats.url, name: 'generated', logger }),
    (connection) => connection.close(),
  );
  const keys = started.adopt(await openKeyStore(messaging.buckets), (store) => store.close());
  const vault = createVault({ masterKey: Buffer.alloc(32, 7), keys });
  const eventStore = started.adopt(connectEventStore({ connectionString: events.url, logger }), (store) =>
    store.close(),
  );
  await fill({ eventStore, vault, clients, created });

  const projector = started.adopt(
    createProjector(
      { readModelsFiles: [join(directory.path, 'read-models.sqlite')] },
      { eventStore, messaging, vault, logger, metrics: createMetrics('projector') },
    ),
    (service) => service.stop(),
  );
  await projector.start();
  await eventually('the projector to be live', () => projector.checks['projection']?.().then(() => true), {
    timeoutMs: 120_000,
  });
  observe(messaging, clients);
  const timer = setInterval(() => observe(messaging, clients), observeEveryMs);
  started.defer(() => clearInterval(timer));

  const password = 'Correct-Horse-7';
  const credentials = { login: 'admin', hash: await hashPassword(password), revision: 1 };
  const port = await freePort();
  const startGateway = async () => {
    const gateway = createApiGateway(
      { ...readGatewayConfig({}), port, stopGraceMs: 0 },
      {
        messaging,
        vault,
        credentials: {
          current: () => credentials,
          upToDate: async () => {},
          onChange: () => () => undefined,
        },
        logger,
        metrics: createMetrics('api-gateway'),
        clock: systemClock,
      },
    );
    await gateway.start();
    return gateway;
  };
  let gateway = await startGateway();
  started.defer(() => gateway.stop());
  const running = started.move();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    login: 'admin',
    password,
    cut: () => gateway.stop(),
    async mend() {
      gateway = await startGateway();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};

const fill = async ({
  eventStore,
  vault,
  clients,
  created,
}: {
  eventStore: EventStoreConnection;
  vault: Vault;
  clients: number;
  created: number;
}) => {
  const revisions = new Map<string, bigint>();
  const append = async (story: readonly PlacedEvent[]) => {
    // Events of one stream are appended together, in the order of the streams' first events.
    for (const [stream, placed] of Map.groupBy(story, (one) => one.stream)) {
      const before = revisions.get(stream);
      const ids = placed.map(({ event }) => ({
        id: deriveId(stream, event.type, JSON.stringify(event.data)),
        event,
      }));
      await eventStore.append(stream, ids, { expectedRevision: before ?? 'no_stream', cause });
      revisions.set(stream, (before ?? -1n) + BigInt(placed.length));
    }
  };
  for (const name of serverNames) await append(serverStory(name));
  const addClient = async (index: number) => {
    const slug = slugOf(index);
    const scope = `client.${clientIdOf(slug)}` as const;
    await vault.ensureKey(scope);
    const name = `Лаборатория «${words[index % words.length] ?? ''}», ${towns[index % towns.length] ?? ''}`;
    const person = { name, email: `info@${slug}.test`, ownerLogin: `info@${slug}.test`, notes: '' };
    const personal = await vault.seal(scope, JSON.stringify(person));
    const expireDate = new Date(Date.now() + (((index * 37) % 420) - 12) * dayMs).toISOString().slice(0, 10);
    const story = { slug, server: serverOf(index), personal, expireDate, image: 'alfa:master' };
    const told = clientStory({ ...story, ending: index % 97 === 41 ? 'error' : 'ok' });
    await append(index < created ? told : told.filter(({ stream }) => stream.startsWith('client-')));
  };
  // Each append waits for the disk; those of several clients wait together.
  let next = 0;
  const write = async () => {
    for (let index = next++; index < clients; index = next++) await addClient(index);
  };
  await Promise.all(Array.from({ length: writers }, write));
  const some = slugOf(0);
  await append(actionStory(some, 1, { kind: 'client.reboot' }));
  await append(actionStory(some, 2, { kind: 'client.back_up' }));
  await append(actionStory(some, 3, { kind: 'client.apply_expiry' }));
  await append(actionStory(some, 4, { kind: 'client.switch', ending: 'error' }));
  await append(actionStory(some, 5, { kind: 'client.count_users', users: 24 }));
  await append(
    actionStory(slugOf(1), 1, { kind: 'client.enable_maintenance', message: 'Обновление до 15:00' }),
  );
  await append(actionStory(slugOf(2), 1, { kind: 'client.migrate', ending: 'open' }));
  const slugs = [3, 4, 6, 7].map(slugOf);
  await append(bulkStory({ name: 'migration', slugs }));
  for (const [place, slug] of slugs.entries()) {
    await append(
      childStory({ name: 'migration' }, slug, place === 1 ? 'error' : place === 3 ? 'open' : 'ok'),
    );
  }
};

/** What provisioners tell of the servers and their clients. */
const observe = ({ feed }: Pick<Messaging, 'feed'>, clients: number): void => {
  const checkedAt = new Date().toISOString();
  for (const name of serverNames) {
    const serverId = serverIdOf(name);
    const own = Array.from({ length: clients }, (_, index) => index).filter(
      (index) => serverOf(index) === name,
    );
    feed.publish(subjects.availability, {
      serverId,
      checkedAt,
      clients: own.map((index) => ({ id: clientIdOf(slugOf(index)), available: !isDown(index) })),
    });
    feed.publish(subjects.serverHealth, { serverId, checkedAt, health: 'ok' });
  }
};
