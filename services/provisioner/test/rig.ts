import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deriveId,
  newId,
  streams,
  type ClientView,
  type Command,
  type CommandData,
  type CommandName,
  type OperationEvent,
  type OperationView,
} from '@alfa-cloud/contracts';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { foldOperation, type OperationObserver } from '@alfa-cloud/operations';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import type { CommandHandlers, Messaging, PoisonMessage, QueryHandlers } from '@alfa-cloud/messaging';
import { deliver, inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import type { Vault } from '@alfa-cloud/secrets';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import type { CloudServers, TryConnection } from '@alfa-cloud/servers';
import { createLogger, type Clock } from '@alfa-cloud/service-kit';
import type { ClientConfig } from '../src/on-server/client-config.ts';
import { readProvisionerConfig } from '../src/config.ts';
import { loadClient } from '../src/domain/load.ts';
import { createProvisioner } from '../src/provisioner.ts';
import type { Transfer } from '../src/resources/transfer/client-transfer.ts';

export interface RigOptions {
  /** The server behind every connection of kind `local`. */
  cloud: CloudServer;
  /** The server of that id. Default: `cloud` is all of them. */
  cloudOf?: (serverId: string) => CloudServer | undefined;
  /** How data get from one server to another; default: as the product does it. */
  transfer?: Transfer;
  /** Connections for a check before they count; default: to `cloud`. */
  tryConnection?: TryConnection;
  env?: Record<string, string>;
  creation?: Partial<ClientConfig>;
  observer?: OperationObserver;
  store?: InMemoryEventStore;
  vault?: Vault;
  clock?: Clock;
  /** Further read models. */
  readModels?: QueryHandlers;
}

/** For a server in memory, on which what is waited for is there at once or never. */
export const inNoTime = { steadyMs: 1, healthMs: 2, reachableMs: 2, observeMs: 1, awayMs: 100 };

const started: (() => Promise<void>)[] = [];

/** For `afterEach`: a rig that goes on keeps the test process alive. */
export const stopRigs = async (): Promise<void> => {
  for (const stop of started.splice(0)) await stop();
};

/** The first clients in use on a server, with what of them the read models tell about their images. */
const activeOn = async (store: InMemoryEventStore, serverId: string | undefined): Promise<ClientView[]> => {
  const ids = store.all().flatMap(({ type, data }) => (type === 'ClientCreated' ? [data.clientId] : []));
  const states = await Promise.all(ids.map(async (id) => (await loadClient(store, id)).state));
  return states.flatMap((state) => {
    if (state.status !== 'active' || state.client.serverId !== serverId) return [];
    const { client, imageId } = state;
    const { id, slug, image, limits } = client;
    return [{ id, slug, image, imageId, limits, held: null } as ClientView];
  });
};

/** Operations that have not ended. */
const underWay = async (store: InMemoryEventStore): Promise<OperationView[]> => {
  const accepted = store.all().flatMap(({ type, data }) => (type === 'OperationAccepted' ? [data] : []));
  const states = await Promise.all(
    accepted.map(async ({ operationId: id, kind, target }) => {
      const { events } = await store.read<OperationEvent>(streams.operation(id));
      return foldOperation(events).status === 'ended' ? [] : [{ id, kind, target } as OperationView];
    }),
  );
  return states.flat();
};

/** The whole provisioner over one server, real or not, with the event store in memory and no bus in between. */
export const startRig = async (options: RigOptions) => {
  const { cloud, store = inMemoryEventStore(), vault = inMemoryVault() } = options;
  const cloudServers: CloudServers = {
    of: ({ id }) => options.cloudOf?.(id) ?? cloud,
    close: async () => {},
  };
  let handlers: CommandHandlers = {};
  let queries: QueryHandlers = {};
  let endPoisoned: (poison: PoisonMessage) => Promise<void> = async () => {};
  const readModels: QueryHandlers = {
    ListServers: async () => ({ result: { items: [] } }),
    ListOperations: async ({ filter }) => {
      const items = filter.status === 'running' ? await underWay(store) : [];
      return { result: { items, total: items.length } };
    },
    ListClients: async ({ filter }) => {
      const items = await activeOn(store, filter.serverId);
      return { result: { items, total: items.length, servers: [] } };
    },
    ...options.readModels,
  };
  const messaging = {
    queries: querySenderOf(readModels),
    feed: inMemoryFeed(),
    serveCommands: async (
      _service: string,
      given: { handlers: CommandHandlers; onPoison: typeof endPoisoned },
    ) => {
      handlers = given.handlers;
      endPoisoned = given.onPoison;
      return { stop: async () => {} };
    },
    serveQueries: async (_service: string, given: QueryHandlers) => {
      queries = given;
      return { stop: async () => {} };
    },
  } as unknown as Messaging;
  const config = readProvisionerConfig({
    NATS_URL: 'nats://unused',
    ESDB_URL: 'esdb://unused',
    ALFA_MASTER_KEY_FILE: 'unused',
    ALFA_DATABASE_IMAGE: 'alfa/mariadb:10.11',
    ALFA_PROXY_IMAGE: 'alfa/nginx:1',
    // Of the 64 MB that a server of the farm has.
    ALFA_FREE_DISK_MIN_MB: '10',
    ...options.env,
  });
  const clients = { ...config.clients, ...options.creation };
  const cache = { ...config.images.cache, directory: join(tmpdir(), `alfa-layers-${newId()}`) };
  const provisioner = createProvisioner(
    {
      ...config,
      clients,
      images: { ...config.images, cache },
      monitoring: { ...config.monitoring, file: ':memory:' },
    },
    {
      messaging,
      eventStore: store,
      vault,
      cloudServers,
      tryConnection: options.tryConnection ?? (() => cloud),
      logger: createLogger({ service: 'provisioner', level: 'fatal' }),
      ...(options.transfer === undefined ? {} : { transfer: options.transfer }),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.observer === undefined ? {} : { operationObserver: options.observer }),
    },
  );
  await provisioner.start();
  const stop = async () => {
    const place = started.indexOf(stop);
    if (place >= 0) started.splice(place, 1);
    await provisioner.stop();
    await rm(cache.directory, { recursive: true, force: true });
  };
  started.push(stop);

  const eventsOf = async (operationId: string) =>
    (await store.read<OperationEvent>(streams.operation(operationId))).events;
  /** The operation's events as lines, for failures of tests and for reading. */
  const story = async (operationId: string) =>
    (await eventsOf(operationId)).map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join('\n');
  return {
    store,
    vault,
    cloud,
    eventsOf,
    askQueries: querySenderOf(queries),
    send: <Name extends CommandName>(
      command: Command<CommandData<Name>, Name>,
      options: { signal?: AbortSignal } = {},
    ) => deliver(handlers, command, options),
    isUnderWay: (command: Command<CommandData<'CreateClient'>, 'CreateClient'>) =>
      handlers.CreateClient?.isUnderWay?.(command),
    story,
    /** What becomes of a command that nobody could handle. */
    endPoison: (poison: PoisonMessage) => endPoisoned(poison),
    /** Sends a command whose operation goes well, and answers its result. */
    async succeed<Name extends CommandName>(command: Command<CommandData<Name>, Name>) {
      const { reply } = await deliver(handlers, command);
      const operationId = operationIdOf(command);
      const end = (await eventsOf(operationId)).at(-1);
      if (end?.type === 'OperationSucceeded') return end.data.result;
      throw new Error(`${JSON.stringify(reply)}\n${await story(operationId)}`);
    },
    registration: (data: Partial<CommandData<'RegisterServer'>> = {}) => {
      const id = newId();
      return commandOf('RegisterServer', {
        serverId: deriveId(id, 'server'),
        name: 'Test server',
        role: 'production',
        domain: 'lab.test',
        connection: { kind: 'local' },
        active: true,
        capacity: { clients: 10 },
        proxy: { httpPort: 8080 },
        ...data,
      });
    },
    creation: async (
      serverId: string,
      data: Partial<CommandData<'CreateClient'>> = {},
      personal: Record<string, string> = {},
    ) =>
      commandOf('CreateClient', {
        clientId: newId(),
        serverId,
        slug: 'first',
        locale: 'ru',
        expireDate: '2099-12-31',
        image: 'alfa/client:1',
        limits: { memoryMb: 256, cpus: 1, pids: 64 },
        demo: false,
        sendSuccess: false,
        personal: await vault.seal(
          'transport',
          JSON.stringify({
            name: 'Лаборатория «Первая»',
            email: 'owner@first.example',
            ownerLogin: 'owner@first.example',
            notes: '',
            ...personal,
          }),
        ),
        ...data,
      }),
    stop,
  };
};

export type Rig = Awaited<ReturnType<typeof startRig>>;

export const commandOf = <Name extends CommandName>(
  name: Name,
  data: CommandData<Name>,
): Command<CommandData<Name>, Name> => ({
  id: newId(),
  name,
  data,
  actor: 'admin',
  correlationId: newId(),
  causationId: newId(),
  issuedAt: new Date().toISOString(),
  fingerprint: 'f',
});

export const operationIdOf = (command: { id: string }): string => deriveId(command.id, 'operation');
