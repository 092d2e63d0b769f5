import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveId, newId, streams, type AlfaEvent } from '@alfa-cloud/contracts';
import { connectEngines, type Engines } from '@alfa-cloud/service-host';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import type { Caller } from './caller.ts';
import { startEventStoreProcess } from './event-store-process.ts';

export const password = 'Correct-Horse-7';
export const ownerPassword = 'canary-Owner-4711';

export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Engines for projector, notifier and gateway; what the provisioner would record is recorded by a test. */
export interface MailWorld {
  /** Of every service. */
  env: Record<string, string | undefined>;
  engines: Engines;
  addClient(call: Caller, slug: string, more?: RecordedClient): Promise<string>;
  dispose(): Promise<void>;
}

export interface RecordedClient {
  locale?: 'ru' | 'en';
  expireDate?: string;
  sendSuccess?: boolean;
  /** Default: of its own at `lab.test`. */
  email?: string;
}

export const startMailWorld = async (): Promise<MailWorld> => {
  const cleanup: (() => Promise<unknown>)[] = [];
  const directory = await temporaryDirectory('alfa-mails-');
  cleanup.unshift(() => directory.remove());
  const nats = await startNatsServer();
  cleanup.unshift(async () => nats[Symbol.asyncDispose]());
  const eventStore = await startEventStoreProcess(join(directory.path, 'events'));
  cleanup.unshift(() => eventStore.kill());
  const masterKeyFile = join(directory.path, 'master.key');
  await writeFile(masterKeyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const engines = await connectEngines(
    { natsUrl: nats.url, eventStoreUrl: eventStore.url, masterKeyFile },
    { name: 'test', logger: createLogger({ service: 'test', level: 'silent' }) },
  );
  cleanup.unshift(() => engines.close());
  return {
    engines,
    env: {
      PATH: process.env['PATH'],
      NATS_URL: nats.url,
      ESDB_URL: eventStore.url,
      ALFA_DATA_DIR: join(directory.path, 'data'),
      ALFA_MASTER_KEY_FILE: masterKeyFile,
      ALFA_HTTP_PORT: '0',
      ALFA_OPERATIONS_PORT: '0',
      ALFA_ADMIN_PASSWORD: password,
      ALFA_LOG_LEVEL: 'error',
      ALFA_SERVICES: 'projector,notifier,api-gateway',
      ALFA_MAIL_FROM: 'Alfa Cloud <cloud@alfa.test>',
      ALFA_SUPPORT_EMAIL: 'help@alfa.test',
      ALFA_MAIL_PER_MINUTE: '6000',
      ALFA_MAIL_INTERVAL_S: '1',
      ALFA_EXPIRE_MAIL_AT: '00:00',
      // Started later by a test, since what is in the past then is looked at once.
      ALFA_EXPIRE_MAILS: 'off',
    },
    addClient: (call, slug, more) => addClient(engines, call, slug, more),
    async dispose() {
      for (const step of cleanup.splice(0)) await step();
    },
  };
};

/** A client as the provisioner records it. */
const addClient = async (
  { vault, eventStore }: Engines,
  call: Caller,
  slug: string,
  more: RecordedClient = {},
): Promise<string> => {
  const { locale = 'ru', expireDate = inDays(200), sendSuccess = false, email = `${slug}@lab.test` } = more;
  const clientId = newId();
  const operationId = deriveId(clientId, 'creation');
  const scope = `client.${clientId}` as const;
  await vault.ensureKey(scope);
  const personal = { name: `Лаборатория ${slug}`, email, ownerLogin: email, notes: '' };
  const secrets = { ownerPassword, databasePassword: 'x', appKey: 'y' };
  const events: AlfaEvent[] = [
    {
      type: 'ClientCreationRequested',
      data: {
        clientId,
        operationId,
        serverId: newId(),
        slug,
        locale,
        expireDate,
        image: 'alfa:1',
        limits: { memoryMb: 512, cpus: 1, pids: 64 },
        demo: false,
        sendSuccess,
        personal: await vault.seal(scope, JSON.stringify(personal)),
        secrets: await vault.seal(scope, JSON.stringify(secrets)),
      },
    },
    { type: 'ClientCreated', data: { clientId, operationId, image: 'alfa:1', imageId: 'sha256:1' } },
  ];
  const cause = { commandId: operationId, correlationId: 'test', causationId: 'test', actor: 'test' };
  await eventStore.append(
    streams.client(clientId),
    events.map((event) => ({ id: newId(), event })),
    { expectedRevision: 'no_stream', cause },
  );
  await eventually(
    'the client is visible',
    async () => (await call('GET', `/clients/${clientId}`)).status === 200,
  );
  return clientId;
};
