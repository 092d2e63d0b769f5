import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import {
  fakeCloudServer,
  type FakeCloudServer,
  type FakeCloudServerOptions,
} from '@alfa-cloud/cloud-server/testing';
import {
  deriveId,
  newId,
  streams,
  type BuildEvent,
  type ClientView,
  type Command,
  type CommandData,
  type OperationEvent,
  type OperationView,
  type ServerEvent,
  type ServerView,
} from '@alfa-cloud/contracts';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import type { CommandHandlers, Messaging, QueryHandlers } from '@alfa-cloud/messaging';
import {
  deliver,
  fakeCommandSender,
  querySenderOf,
  type FakeCommandSender,
} from '@alfa-cloud/messaging/testing';
import { foldOperation, ownCause, type OperationObserver } from '@alfa-cloud/operations';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { createBuilder } from '../builder.ts';
import { readBuilderConfig } from '../config.ts';
import type { Commit, Source } from '../source/source.ts';

/** What a branch holds, in place of a repository. */
export interface Head {
  commit: Commit;
  files: Readonly<Record<string, string>>;
}

export const commitNamed = (name: string): Commit => ({
  sha: deriveId(name).replaceAll('-', '').padEnd(40, '0'),
  branch: 'dev',
  committedAt: '2026-11-26T12:00:00.000Z',
  subject: name,
});

/** Commits from plain folders. */
const sourceOf = (head: () => Head): Source => ({
  resolve: async () => head().commit,
  async checkOut(_commit, folder) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(head().files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  },
  between: async (from, to) => ({ gone: [from, to] }),
});

/** What a healthy application prints. */
export const answerOf = (argv: readonly string[]): string =>
  argv.some((word) => word.includes('/healthz')) ? '200' : '';

/** An engine on which applications are healthy at once and commands succeed. */
export const fakeEngine = (options: FakeCloudServerOptions = {}): FakeCloudServer =>
  fakeCloudServer({
    images: { 'alfa/mariadb:10.11': {} },
    exec: ({ request }) => ({ stdout: answerOf(request.argv) }),
    ...options,
  });

export interface World {
  store: InMemoryEventStore;
  head: Head;
  clouds: Map<string, CloudServer>;
  clients: ClientView[];
  /** Those that have not ended. */
  operations: OperationView[];
  /** What it asks other services for. */
  commands: FakeCommandSender;
  directory: string;
  now: Date;
}

const worlds: World[] = [];

/** @param answer of other services to its commands. Default: they accept them */
export const newWorld = async (
  answer: Parameters<typeof fakeCommandSender>[0] = ({ fingerprint }) => ({
    outcome: 'accepted',
    fingerprint,
    ids: {},
    position: '1',
  }),
): Promise<World> => {
  const world: World = {
    store: inMemoryEventStore(),
    head: { commit: commitNamed('first'), files: { Dockerfile: 'FROM base', app: '1' } },
    clouds: new Map(),
    clients: [],
    operations: [],
    now: new Date('2026-11-26T18:30:05.000Z'),
    commands: fakeCommandSender(answer),
    directory: await mkdtemp(join(tmpdir(), 'alfa-builder-')),
  };
  worlds.push(world);
  return world;
};

/** For `afterEach`. */
export const endWorlds = async (): Promise<void> => {
  for (const { directory } of worlds.splice(0)) await rm(directory, { recursive: true, force: true });
};

/** A ready server with this engine. @returns its id */
export const addServer = async (
  world: World,
  name: string,
  cloud: CloudServer,
  data: { role?: 'production' | 'stage' | 'build'; local?: boolean; active?: boolean } = {},
): Promise<string> => {
  const serverId = deriveId('server', name);
  const operationId = deriveId('preparation', name);
  const { role = 'production', local = false, active = true } = data;
  const events: ServerEvent[] = [
    {
      type: 'ServerRegistered',
      data: {
        serverId,
        operationId,
        name,
        role,
        domain: `${name}.test`,
        connection: local ? { kind: 'local' } : { kind: 'ssh', host: name, username: 'alfa' },
        active,
        capacity: { clients: 10 },
        proxy: { httpPort: 80 },
        secrets: 'v1.x',
      },
    },
    {
      type: 'ServerBecameReady',
      data: {
        serverId,
        operationId,
        facts: {
          dockerVersion: '20.10',
          engineId: name,
          operatingSystem: 'linux',
          architecture: 'x86_64',
          cpus: 2,
          memoryBytes: 1,
        },
      },
    },
  ];
  await world.store.append(
    streams.server(serverId),
    events.map((event) => ({ id: newId(), event })),
    { expectedRevision: 'no_stream', cause: ownCause() },
  );
  world.clouds.set(serverId, cloud);
  return serverId;
};

export interface LifeOptions {
  observer?: OperationObserver;
  /** What this life of the process sees of an engine. */
  seen?: (cloud: CloudServer) => CloudServer;
  /** Newest images that stay of each branch. Default: those of the configuration. */
  keep?: number;
}

/** One life of the builder in a world. */
export const startBuilder = async (
  world: World,
  { observer, keep, seen = (cloud) => cloud }: LifeOptions = {},
) => {
  let handlers: CommandHandlers = {};
  let queries: QueryHandlers = {};
  const hooked = new Map<CloudServer, CloudServer>();
  const of = ({ id }: { id: string }): CloudServer => {
    const cloud = world.clouds.get(id);
    if (cloud === undefined) throw new Error(`no server ${id}`);
    const known = hooked.get(cloud) ?? seen(cloud);
    hooked.set(cloud, known);
    return known;
  };
  const messaging = {
    commands: world.commands,
    queries: querySenderOf({
      ListServers: async () => ({
        result: { items: [...world.clouds.keys()].map((id) => ({ id }) as ServerView) },
      }),
      ListClients: async ({ page: { number, size } }) => ({
        result: {
          items: world.clients.slice((number - 1) * size, number * size),
          total: world.clients.length,
          servers: [],
        },
      }),
      ListOperations: async ({ filter }) => {
        const items = world.operations.filter(({ status }) => status === filter.status);
        return { result: { items, total: items.length } };
      },
    }),
    serveQueries: async (_service: string, given: QueryHandlers) => {
      queries = given;
      return { stop: async () => {} };
    },
    serveCommands: async (_service: string, given: { handlers: CommandHandlers }) => {
      handlers = given.handlers;
      return { stop: async () => {} };
    },
  } as unknown as Messaging;
  const config = readBuilderConfig({
    NATS_URL: 'nats://unused',
    ESDB_URL: 'esdb://unused',
    ALFA_MASTER_KEY_FILE: 'unused',
    ALFA_DATA_DIR: world.directory,
    ALFA_DATABASE_IMAGE: 'alfa/mariadb:10.11',
  });
  const smoke = { ...config.builds.smoke, healthMs: 2, databaseStartMs: 2 };
  const builder = createBuilder(
    { ...config, builds: { ...config.builds, smoke, ...(keep === undefined ? {} : { keep }) } },
    {
      messaging,
      eventStore: world.store,
      vault: inMemoryVault(),
      logger: createLogger({ service: 'builder', level: 'fatal' }),
      cloudServers: { of, close: async () => {} },
      source: sourceOf(() => world.head),
      clock: () => world.now,
      ...(observer === undefined ? {} : { operationObserver: observer }),
    },
  );
  await builder.start();
  return {
    send: (command: BuildDev | BuildProd | CleanUp, options: { signal?: AbortSignal } = {}) =>
      deliver(handlers, command, options),
    planCleanup: async (serverId: string) => {
      const plan = await queries.PlanCleanup?.({ serverId }, { minPosition: null, positionWaitMs: null });
      if (plan === undefined || !('result' in plan)) throw new Error('no plan');
      return plan.result;
    },
    stop: () => builder.stop(),
  };
};

type BuildDev = Command<CommandData<'BuildDev'>, 'BuildDev'>;
type BuildProd = Command<CommandData<'BuildProd'>, 'BuildProd'>;
type CleanUp = Command<CommandData<'CleanUpServer'>, 'CleanUpServer'>;

const commandOf = <Name extends 'BuildDev' | 'BuildProd' | 'CleanUpServer'>(
  name: Name,
  data: CommandData<Name>,
): Command<CommandData<Name>, Name> => {
  const id = newId();
  const issuedAt = new Date().toISOString();
  return { id, name, data, actor: 'tester', correlationId: id, causationId: id, issuedAt, fingerprint: id };
};

export const buildDevCommand = (data: CommandData<'BuildDev'> = {}): BuildDev => commandOf('BuildDev', data);

export const buildProdCommand = (): BuildProd => commandOf('BuildProd', {});

export const cleanUpCommand = (serverId: string): CleanUp => commandOf('CleanUpServer', { serverId });

export const operationIdOf = ({ id }: { id: string }): string => deriveId(id, 'operation');

/** What has become of a build: its operation's end, the events of its branch, and what is left on disk. */
export const outcomeOf = async (world: World, command: BuildDev | BuildProd | CleanUp) => {
  const operationId = operationIdOf(command);
  const { events } = await world.store.read<OperationEvent>(streams.operation(operationId));
  const builds = (await world.store.read<BuildEvent>(streams.builds('dev'))).events;
  const state = foldOperation(events);
  const story = events.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join('\n');
  const workspaces = await readdir(join(world.directory, 'builder', 'workspaces')).catch(() => []);
  return {
    end: state.status === 'ended' ? state.end : null,
    result: events.flatMap((event) => (event.type === 'OperationSucceeded' ? [event.data.result] : []))[0],
    builds: builds.flatMap(({ type, data }) => (data.operationId === operationId ? [type] : [])),
    workspaces,
    story,
  };
};
