import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterEach } from '@jest/globals';
import {
  type BackupView,
  type BulkPlanView,
  type ClientView,
  type CloudSettingsView,
  type CommandReply,
  deriveId,
  type Fault,
  type OperationView,
  reject,
  type ServerView,
  type MovePlan,
} from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { fakeCommandSender, inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import { hashPassword } from '@alfa-cloud/secrets';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createLogger, createMetrics } from '@alfa-cloud/service-kit';
import { type DescribedAnswers, describedAnswers } from '@alfa-cloud/testing';
import { createApiGateway } from '../src/api-gateway.ts';
import { describeApi } from '../src/description/describe-api.ts';
import type { GatewayConfig } from '../src/config.ts';
import { gitHookPath } from '../src/hooks/serve-git-hook.ts';
import type { Credentials, CredentialsStore } from '../src/ports.ts';
import { imageOverview, serverImage } from './images.ts';
import { clientId, now, operationId, serverId, unknownId } from './ids.ts';

export { newClient, newServer } from './documents.ts';
export { clientId, now, operationId, serverId, unknownId };

export const serverView: ServerView = {
  id: serverId,
  name: 'cloud-1',
  role: 'production',
  domain: 'alfa.test',
  connection: { kind: 'local' },
  active: true,
  capacity: { clients: 100 },
  proxy: { httpPort: 80 },
  status: 'ready',
  failure: null,
  facts: null,
  health: 'ok',
  healthReasons: [],
  healthCheckedAt: now,
  alerts: [],
  clientCount: 1,
  heldCount: 0,
  operationId,
  createdAt: now,
  updatedAt: now,
};

export const clientView: ClientView = {
  id: clientId,
  serverId,
  slug: 'lab-one',
  name: 'Лаборатория «Один»',
  email: 'one@lab.test',
  ownerLogin: 'one@lab.test',
  notes: '',
  locale: 'ru',
  status: 'active',
  failure: null,
  expireDate: '2027-01-31',
  image: 'alfa-client:1.4.0',
  limits: { memoryMb: 512, cpus: 1, pids: 256 },
  serverLimits: { uploadMb: 64, requestTimeoutS: 300 },
  demo: false,
  sendSuccess: false,
  maintenance: null,
  aliases: [],
  expiryWarnings: true,
  quickStart: true,
  tutorial: true,
  imageId: 'sha256:00',
  imageOutdated: false,
  previousImage: null,
  held: null,
  sourceClientId: null,
  sourceSlug: null,
  copies: [],
  runningOperationId: null,
  lastBackupAt: null,
  usersCount: null,
  usersCountedAt: null,
  available: true,
  unavailableReason: null,
  availableCheckedAt: now,
  cloud: 'http://lab-one.alfa.test',
  operationId,
  createdAt: now,
  updatedAt: now,
};

export const movePlan: MovePlan = {
  clientId,
  slug: 'lab-one',
  from: serverId,
  databaseBytes: 52_428_800,
  storageBytes: 209_715_200,
  files: 4120,
  rate: { bytesPerSecond: 20_971_520, measured: null },
  expectedSeconds: 28,
  expectedClosedSeconds: 18,
  obstacles: [],
};

export const operationView: OperationView = {
  id: operationId,
  kind: 'client.create',
  target: { type: 'client', id: clientId },
  status: 'running',
  steps: [],
  error: null,
  leftovers: [],
  result: null,
  parentId: null,
  progress: null,
  waiting: null,
  transfer: null,
  parameters: null,
  retryOf: null,
  actor: 'admin',
  correlationId: 'test',
  acceptedAt: now,
  finishedAt: null,
};

export const backupView: BackupView = {
  id: deriveId('test', 'backup'),
  clientId,
  serverId,
  kind: 'manual',
  image: 'alfa-client:1.4.0',
  createdAt: now,
  keepUntil: '2026-12-06T18:00:00.000Z',
  removedAt: null,
  database: { bytes: 1000, sha256: '0'.repeat(64), tables: 12 },
  storage: { bytes: 2000, sha256: '1'.repeat(64), files: 3 },
  warnings: [{ kind: 'view', name: 'broken', reason: "Table 'alfa_lab-one.base' doesn't exist" }],
  operationId,
};

export const settingsView: CloudSettingsView = {
  maintenance: false,
  maintenanceMessage: null,
  expiresAt: '2027-01-31T20:59:59.000Z',
  quickStart: true,
  tutorial: true,
  updatedAt: now,
  drift: [],
};

export const planView: BulkPlanView = {
  clients: [{ clientId, slug: 'lab-one', serverId }],
  total: 1,
  skippedTotal: 1,
  skipped: [
    {
      clientId: unknownId,
      slug: 'lab-two',
      code: 'image_in_use',
      reason: 'Runs from alfa-client:1.5.0 already',
    },
  ],
  obstacles: [],
  awayServers: [],
  canary: 1,
  waveSize: 4,
  stopAfter: 3,
};

const known = <T>(id: string, expected: string, value: T): { result: T } => {
  if (id === expected) return { result: value };
  throw reject('not_found', 'There is nothing with this id');
};

/** Answers of a system with one server, one client and one operation. */
export const queryAnswers = (): QueryHandlers => ({
  ListServers: async () => ({ result: { items: [serverView] } }),
  GetServer: async ({ id }) => known(id, serverId, serverView),
  GetServerImages: async ({ id }) => known(id, serverId, { items: [serverImage(clientId, now)] }),
  ListClients: async ({ includeServers }) => ({
    result: { items: [clientView], total: 60, servers: includeServers ? [serverView] : [] },
  }),
  GetClient: async ({ id }) => known(id, clientId, { ...clientView, server: serverView }),
  GetCreateLog: async ({ clientId: id, after }) =>
    known(id, clientId, {
      clientId,
      operationId,
      kind: 'client.create',
      completed: null,
      status: 'running',
      steps: [],
      error: null,
      entries: [],
      cursor: after,
      more: false,
      transfer: null,
    }),
  ListOperations: async () => ({ result: { items: [operationView], total: 1 } }),
  GetOperation: async ({ id }) => known(id, operationId, operationView),
  GetOperationLog: async ({ id, after }) =>
    known(id, operationId, { entries: [], cursor: after, more: false, status: 'running', transfer: null }),
  ListHistory: async () => ({ result: { items: [], total: 0 } }),
  ListAlerts: async () => ({ result: { items: [], total: 0 } }),
  ListImages: async () => ({ result: { items: [imageOverview(serverId, clientId, now)], total: 60 } }),
  ListExpireDateChanges: async () => ({ result: { items: [], total: 0 } }),
  ListBackups: async ({ clientId: id }) => known(id ?? '', clientId, { items: [backupView], total: 1 }),
  GetCloudSettings: async ({ clientId: id }) => known(id, clientId, settingsView),
  GetContainerLog: async ({ clientId: id }) => known(id, clientId, { lines: [], cursor: null }),
  PlanBulk: async () => ({ result: planView }),
  PlanMoves: async () => ({ result: { items: [movePlan], total: 1 } }),
});

export const login = 'admin';
export const password = 'right:Password 1';
let hash: Promise<string> | undefined;
/** The same for every gateway: its table of routes does not depend on how it is set up. */
let described: DescribedAnswers | undefined;

export const basic = (user: string, secret: string): string =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // The shape of a document differs from test to test; each asserts what it expects of it.
  json: Record<string, never> & { data: never; errors: never; meta: never; links: never; included: never };
}

export interface Sending {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Buffer;
  signal?: AbortSignal;
}

type Answering = Parameters<typeof fakeCommandSender>[0];

const accepting: Answering = (command) =>
  ({
    outcome: 'accepted',
    fingerprint: command.fingerprint,
    ids: { operationId: deriveId(command.id, 'operation') },
    position: '4711',
  }) satisfies CommandReply;

/** A gateway over real HTTP on loopback; what lies behind it is in memory. */
export const startGateway = async (
  options: {
    config?: Partial<GatewayConfig>;
    answer?: Answering;
    queries?: QueryHandlers;
    /** Up to which the read models have come when they answer. Default: they do not tell. */
    position?: () => string;
    isConnected?: () => boolean;
    /** Default: in memory, to be changed by `changeCredentials`. */
    credentials?: CredentialsStore;
    /** A look at the credentials in force. Default: they are known. */
    upToDate?: () => Promise<void>;
  } = {},
) => {
  hash ??= hashPassword(password);
  const listeners = new Set<() => void>();
  let credentials: Credentials | null = { login, hash: await hash, revision: 1 };
  const commands = fakeCommandSender(options.answer ?? accepting);
  const feed = inMemoryFeed();
  const vault = inMemoryVault();
  const lines: Record<string, unknown>[] = [];
  const asked: { name: string; request: unknown; minPosition: string | undefined }[] = [];
  const answers = querySenderOf({ ...queryAnswers(), ...options.queries });
  const gateway = createApiGateway(
    {
      host: '127.0.0.1',
      port: 0,
      allowedAddresses: ['127.0.0.0/8', '::1'],
      hookAddresses: ['127.0.0.0/8', '::1'],
      allowedOrigins: ['https://mol.test'],
      trustProxy: false,
      hasConsole: true,
      bodyLimitBytes: 262_144,
      replyWaitMs: 3000,
      monitoringWaitMs: 3000,
      streamsMax: 8,
      ownerPasswordMaxBytes: 72,
      stopGraceMs: 5000,
      firstCredentials: { login },
      ...options.config,
    },
    {
      messaging: {
        commands,
        receipts: commands.receipts,
        feed,
        queries: {
          ask: (name, request, asking) => {
            asked.push({ name, request, minPosition: asking?.minPosition });
            if (options.position !== undefined) asking?.onPosition?.(options.position());
            return answers.ask(name, request, asking);
          },
        },
        buckets: { open: () => Promise.reject(new Error('There are no buckets in memory')) },
        isConnected: options.isConnected ?? (() => true),
      },
      vault,
      credentials: options.credentials ?? {
        current: () => credentials,
        upToDate: options.upToDate ?? (async () => {}),
        onChange(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      logger: createLogger({
        service: 'api-gateway',
        level: 'debug',
        destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
      }),
      metrics: createMetrics('api-gateway'),
      clock: () => new Date(now),
    },
  );
  await gateway.start();
  const address = new URL(gateway.address ?? '');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  described ??= describedAnswers(JSON.parse(JSON.stringify(describeApi(gateway.routes))) as object);
  const { faultsOf } = described;

  /** Sends a path exactly as it is written. Credentials and media type are right unless `headers` says otherwise; '' leaves one out. */
  const send = (path: string, sending: Sending = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const payload = sending.raw ?? (sending.body === undefined ? undefined : JSON.stringify(sending.body));
      const headers: Record<string, string> = {
        authorization: basic(login, password),
        ...(payload === undefined
          ? {}
          : {
              'content-type': 'application/vnd.api+json',
              'content-length': String(Buffer.byteLength(payload)),
            }),
        ...sending.headers,
      };
      for (const [name, value] of Object.entries(headers)) if (value === '') delete headers[name];
      const request = httpRequest(
        {
          host: address.hostname,
          port: address.port,
          path,
          method: sending.method ?? (payload === undefined ? 'GET' : 'POST'),
          headers,
          agent,
          ...(sending.signal === undefined ? {} : { signal: sending.signal }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            let json = null as unknown as Reply['json'];
            if (/json/.test(response.headers['content-type'] ?? ''))
              json = text === '' ? json : JSON.parse(text);
            const status = response.statusCode ?? 0;
            const contentType = response.headers['content-type'] ?? '';
            // The hook of the repository is for hosts of git and stands in no description.
            const isDescribed = path !== gitHookPath;
            const answer = { method: request.method, path, status, contentType, text };
            const faults = isDescribed ? faultsOf(answer) : [];
            if (faults.length > 0) reject(new Error(faults.join('\n')));
            else resolve({ status, headers: response.headers, text, json });
          });
        },
      );
      request.on('error', reject);
      request.end(payload);
    });

  return {
    gateway,
    url: address.origin,
    send,
    commands,
    vault,
    feed,
    lines,
    asked,
    changeCredentials(next: Omit<Credentials, 'revision'> | null) {
      credentials = next === null ? null : { ...next, revision: (credentials?.revision ?? 1) + 1 };
      for (const listener of listeners) listener();
    },
    async stop() {
      agent.destroy();
      await gateway.stop();
    },
  };
};

/** Starts gateways that are stopped after each test of the file. */
export const gatewaysOfTest = (): typeof startGateway => {
  const started: RunningGateway[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
  });
  return async (options) => {
    const gateway = await startGateway(options);
    started.push(gateway);
    return gateway;
  };
};

/** Answer of a handler that refuses every command. */
export const rejecting =
  (...faults: Fault[]): Answering =>
  ({ fingerprint }) => ({ outcome: 'rejected', fingerprint, faults });

export type RunningGateway = Awaited<ReturnType<typeof startGateway>>;

export const codesOf = (reply: Reply): unknown[] =>
  (reply.json.errors as { code: string }[]).map(({ code }) => code);
