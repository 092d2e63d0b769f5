/** The processes of `bench/http.ts`: `backend NATS ESDB FILE`, `gateway NATS`, `bare FILE`, `echo NATS`, `hop NATS`. Each prints one line of JSON when it is ready. */
import { createApiGateway, readGatewayConfig } from '@alfa-cloud/api-gateway';
import { deriveId, effectiveRequestLimits } from '@alfa-cloud/contracts';
import { connectEventStore } from '@alfa-cloud/event-sourcing';
import { connectMessaging } from '@alfa-cloud/messaging';
import { createProjector } from '@alfa-cloud/projector';
import { createVault, hashPassword, openKeyStore } from '@alfa-cloud/secrets';
import { createLogger, createMetrics, systemClock } from '@alfa-cloud/service-kit';
import { eventually } from '@alfa-cloud/testing';
import express from 'express';
import { openSync, writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';

export const masterKey = Buffer.alloc(32, 7);
export const authorization = `Basic ${Buffer.from('admin:password').toString('base64')}`;

const tell = (facts: Record<string, string>): void => void process.stdout.write(`${JSON.stringify(facts)}\n`);

/** Log lines are written as in production, only to nowhere. */
const createBenchLogger = (service: string) => {
  const nowhere = openSync('/dev/null', 'w');
  return createLogger({ service, destination: { write: (line) => void writeSync(nowhere, line) } });
};

/** Projector, and a provisioner that accepts every command at once. */
const backend = async (natsUrl: string, connectionString: string, readModelsFile: string): Promise<void> => {
  const logger = createBenchLogger('projector');
  const messaging = await connectMessaging({ url: natsUrl, name: 'backend', logger });
  const vault = createVault({ masterKey, keys: await openKeyStore(messaging.buckets) });
  const eventStore = connectEventStore({ connectionString, logger });
  const projector = createProjector(
    { readModelsFiles: [readModelsFile] },
    { eventStore, messaging, vault, logger, metrics: createMetrics('projector') },
  );
  await projector.start();
  const live = () => projector.checks['projection']?.().then(() => true);
  await eventually('the projector to be live', live, { timeoutMs: 100_000 });
  await messaging.serveCommands('provisioner', {
    handlers: {
      CreateClient: {
        handle: (delivery) =>
          delivery.accepted({ operationId: deriveId(delivery.command.id, 'operation') }, 1n),
      },
    },
    onPoison: async ({ faults }) => {
      throw new Error(JSON.stringify(faults));
    },
    onLateDecision: async () => undefined,
  });
  tell({ ready: 'backend' });
};

const gateway = async (natsUrl: string): Promise<void> => {
  const logger = createBenchLogger('api-gateway');
  const messaging = await connectMessaging({ url: natsUrl, name: 'gateway', logger });
  const credentials = { login: 'admin', hash: await hashPassword('password'), revision: 1 };
  const running = createApiGateway(
    { ...readGatewayConfig({}), port: 0 },
    {
      messaging,
      vault: createVault({ masterKey, keys: await openKeyStore(messaging.buckets) }),
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
  await running.start();
  tell({ url: running.address ?? '' });
};

const requestLimits = effectiveRequestLimits({}, undefined);

const toOne = (type: string, id: unknown) =>
  typeof id !== 'string' ? { data: null } : { data: { type, id }, links: { related: `/${type}/${id}` } };

/** The view of a client as the gateway's resource. Of what other rows say it knows the answer: there are no copies, backups and observations here. */
const toResource = (view: Record<string, unknown>) => {
  const { id, serverId, operationId, runningOperationId, sourceClientId, ...attributes } = view;
  const self = `/clients/${String(id)}`;
  const slug = String(view['slug']);
  return {
    type: 'clients',
    id,
    attributes: {
      ...attributes,
      limits: { ...requestLimits, ...(view['limits'] as object) },
      aliasesAscii: view['aliases'],
      imageOutdated: null,
      lastBackupAt: null,
      available: null,
      unavailableReason: null,
      availableCheckedAt: null,
    },
    relationships: {
      server: toOne('servers', serverId),
      copyOf: toOne('clients', sourceClientId),
      copies: { data: [] },
      operation: toOne('operations', operationId),
      runningOperation: toOne('operations', runningOperationId),
    },
    links: {
      self,
      createLog: `${self}/create_log`,
      settings: `${self}/settings`,
      backups: `${self}/backups`,
      logs: `${self}/logs`,
      history: `${self}/history`,
      expireDatesHistory: `${self}/expire_dates_history`,
      cloud: `http://${slug}.server-${Number(slug.replace('lab-', '')) % 20}.example.test:8080`,
    },
  };
};

const toPage = (number: number) => `/clients?page%5Bnumber%5D=${number}&page%5Bsize%5D=25`;

/** What a handler would do that knows nothing but express and the rows: the rows as they are, or the document that the gateway answers. */
const bare = async (file: string): Promise<void> => {
  const database = new DatabaseSync(file, { readOnly: true });
  const page = database.prepare(
    'SELECT view FROM clients WHERE deleted = 0 ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?',
  );
  const count = database.prepare('SELECT count(*) AS total FROM clients WHERE deleted = 0');
  const app = express();
  const views = (number = 1) =>
    page.all(25, (number - 1) * 25).map((row) => JSON.parse(String(row['view'])) as Record<string, unknown>);
  const meta = () => ({ total: count.get()?.['total'] });
  app.get('/clients', (_request, response) => {
    response.json({ data: views(), meta: meta() });
  });
  app.get('/documents/clients', (request, response) => {
    const number = Number(/page%5Bnumber%5D=(\d+)/.exec(request.url)?.[1] ?? 1);
    const { total } = meta();
    const last = Math.ceil(Number(total) / 25);
    const links = {
      self: toPage(number),
      first: toPage(1),
      prev: number > 1 ? toPage(number - 1) : null,
      next: number < last ? toPage(number + 1) : null,
      last: toPage(last),
    };
    response.json({ data: views(number).map(toResource), links, meta: { total } });
  });
  const server = app.listen(0, '127.0.0.1', () => {
    tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });
};

/** A text of the size of a page of clients. */
const pageText = JSON.stringify({ items: 'x'.repeat(20_000) });

/** Answers a query with a text that lies ready. The floor of what NATS costs: nothing is read, parsed or put together. */
const echo = async (natsUrl: string): Promise<void> => {
  const messaging = await connectMessaging({ url: natsUrl, name: 'echo', logger: createBenchLogger('echo') });
  const answer = { result: { items: [] }, text: [Buffer.from(pageText)] };
  await messaging.serveQueries('provisioner', { GetServerImages: async () => answer });
  tell({ ready: 'echo' });
};

/** A bare express handler that asks the echo and passes its text on. */
const hop = async (natsUrl: string): Promise<void> => {
  const messaging = await connectMessaging({ url: natsUrl, name: 'hop', logger: createBenchLogger('hop') });
  const app = express();
  app.get('/clients', async (_request, response) => {
    const { text } = await messaging.queries.ask('GetServerImages', { id: 'x' });
    response.type('json').send(text);
  });
  const server = app.listen(0, '127.0.0.1', () => {
    tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });
};

const [side, ...rest] = process.argv.slice(2);
// Ends with the benchmark, however that ends: its end closes our standard input.
if (side !== undefined) process.stdin.on('end', () => process.exit()).resume();
const [first = '', second = '', third = ''] = rest;
if (side === 'backend') await backend(first, second, third);
if (side === 'gateway') await gateway(first);
if (side === 'bare') await bare(first);
if (side === 'echo') await echo(first);
if (side === 'hop') await hop(first);
