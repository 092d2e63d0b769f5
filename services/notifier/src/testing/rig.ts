import {
  deriveId,
  mailIdOf,
  streams,
  type AlfaEvent,
  type MailView,
  type Queries,
} from '@alfa-cloud/contracts';
import type { EventStore, NewEvent } from '@alfa-cloud/event-sourcing';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { ownCause } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { clientFacts } from '../clients/client-facts.ts';
import type { DeliverDeps } from '../outbox/deliver.ts';
import { isDue } from '../outbox/mail.ts';
import { evolveMail, initialMail, type MailState } from '../outbox/mail-state.ts';
import type { WarningRules } from '../schedule/due-warning.ts';
import { loadTemplates } from '../templates/templates.ts';
import { MailFailure, type MailTransport, type OutgoingMail } from '../transport/mail-transport.ts';

export const rules: WarningRules = { thresholdsDays: [30, 14, 7, 3, 1, 0], at: '09:00', timeZone: 'UTC' };

export interface TestClient {
  slug: string;
  name?: string;
  email?: string;
  locale?: 'ru' | 'en';
  expireDate?: string;
  ownerLogin?: string;
  ownerPassword?: string;
  sendSuccess?: boolean;
  expiryWarnings?: boolean;
}

export const clientIdOf = (slug: string): string => deriveId('test client', slug);

/** A world of clients and mails in memory whose time a test sets. */
export interface Rig extends DeliverDeps {
  store: InMemoryEventStore;
  vault: Vault;
  /** What has arrived, in its order. */
  box: OutgoingMail[];
  setTime(time: string | number): void;
  addClient(client: TestClient): Promise<string>;
  happens(stream: string, ...events: AlfaEvent[]): Promise<void>;
  mail(mailId: string): Promise<MailState>;
  /** The same world as another process sees it. */
  with(changes: Partial<DeliverDeps>): DeliverDeps;
}

export const createRig = (send: (mail: OutgoingMail) => Promise<string> = async () => '250 ok'): Rig => {
  let now = Date.parse('2026-11-26T12:00:00.000Z');
  const clock = () => new Date(now);
  const store = inMemoryEventStore({ clock });
  const vault = inMemoryVault();
  const box: OutgoingMail[] = [];
  const transport: MailTransport = {
    kind: 'smtp',
    domain: 'alfa.test',
    deadlineMs: 60_000,
    inTurn: (work) => work(),
    async send(mail) {
      const answer = await send(mail);
      box.push(mail);
      return { answer };
    },
    close: () => undefined,
  };
  const happens = (stream: string, ...events: AlfaEvent[]) => append(store, stream, events);
  const deps: DeliverDeps = {
    store,
    vault,
    transport,
    clock,
    rules,
    queries: querySenderOf(answersFrom(store, clock)),
    render: loadTemplates(),
    passwords: { kind: 'mail' },
    brand: { name: 'Alfa', url: 'https://alfa.test', supportEmail: 'help@alfa.test' },
    logger: createLogger({ service: 'test', level: 'silent' }),
  };
  return {
    ...deps,
    store,
    vault,
    box,
    happens,
    setTime: (time) => void (now = new Date(time).getTime()),
    with: (changes) => ({ ...deps, ...changes }),
    mail: (mailId) => stateOf(store, mailId),
    async addClient(client) {
      const { slug, sendSuccess = false, expireDate = '2027-12-31', locale = 'en' } = client;
      const clientId = clientIdOf(slug);
      const scope = `client.${clientId}` as const;
      const operationId = deriveId('creation', slug);
      await vault.ensureKey(scope);
      const { name = `Laboratory ${slug}`, email = `${slug}@lab.test`, ownerLogin = email } = client;
      const personal = { name, email, ownerLogin, notes: '' };
      const secrets = {
        ownerPassword: client.ownerPassword ?? 'Blue-Kettle-42',
        databasePassword: 'x',
        appKey: 'y',
      };
      await happens(
        streams.client(clientId),
        {
          type: 'ClientCreationRequested',
          data: {
            clientId,
            operationId,
            serverId: deriveId('server'),
            slug,
            locale,
            expireDate,
            image: 'alfa:1',
            limits: { memoryMb: 512, cpus: 1, pids: 64 },
            demo: false,
            sendSuccess,
            ...(client.expiryWarnings === undefined ? {} : { expiryWarnings: client.expiryWarnings }),
            personal: await vault.seal(scope, JSON.stringify(personal)),
            secrets: await vault.seal(scope, JSON.stringify(secrets)),
          },
        },
        { type: 'ClientCreated', data: { clientId, operationId, image: 'alfa:1', imageId: 'sha256:1' } },
      );
      return clientId;
    },
  };
};

/** A failure as a transport tells of it. */
export const failure = (kind: 'final' | 'transient' | 'outage') =>
  new MailFailure(kind, { code: `test_${kind}`, words: { template: `It is ${kind}`, values: [] } });

const append = async (store: EventStore, stream: string, events: readonly AlfaEvent[]): Promise<void> => {
  const { revision } = await store.read(stream);
  const cause = ownCause();
  const placed: NewEvent[] = events.map((event, index) => ({ id: deriveId(cause.commandId, index), event }));
  await store.append(stream, placed, { expectedRevision: revision ?? 'no_stream', cause });
};

const stateOf = async (store: InMemoryEventStore, mailId: string): Promise<MailState> =>
  (await store.read(streams.mail(mailId))).events.reduce(
    (state, event) => evolveMail(state, event as never),
    initialMail(),
  );

/** What the projector would answer, straight from the events. */
const answersFrom = (store: InMemoryEventStore, clock: () => Date) => ({
  GetClient: async ({ id }: { id: string }) => {
    const { events } = await store.read(streams.client(id));
    const slug = clientFacts(events as never)?.slug ?? 'unknown';
    return { result: { cloud: `http://${slug}.alfa.test` } as Queries['GetClient']['result'] };
  },
  ListClients: async ({ page }: Queries['ListClients']['request']) => {
    const ids = store
      .all()
      .flatMap((event) => (event.type === 'ClientCreationRequested' ? [event.data.clientId] : []));
    const items = ids
      .slice((page.number - 1) * page.size, page.number * page.size)
      .map((id) => ({ id, expireDate: '9999-12-31' }));
    return {
      result: { items, total: ids.length, servers: [] } as unknown as Queries['ListClients']['result'],
    };
  },
  ListMails: async ({ page, filter }: Queries['ListMails']['request']) => {
    if (filter.status === 'bounced') {
      const items = await bouncedMails(store, filter.clientId);
      return { result: { items, total: items.length } };
    }
    const items = [...wantedMails(store), ...(await dueMails(store, clock()))].slice(0, page.size);
    return { result: { items, total: items.length } };
  },
});

const bouncedMails = async (store: InMemoryEventStore, clientId?: string): Promise<MailView[]> => {
  const bounced = store
    .all()
    .flatMap(({ type, data }) => (type === 'MailBounced' && data.clientId === clientId ? [data.mailId] : []));
  return bounced.map((id) => ({ id }) as MailView);
};

const dueMails = async (store: InMemoryEventStore, now: Date): Promise<MailView[]> => {
  const ids = new Set(
    store.all().flatMap((event) => (event.type === 'MailRequested' ? [event.data.mailId] : [])),
  );
  const due: MailView[] = [];
  for (const id of ids) {
    const state = await stateOf(store, id);
    if (state.status === 'absent' || !isDue(state, now)) continue;
    due.push({ id, ...state.mail.request, attempts: state.mail.attempts } as unknown as MailView);
  }
  return due;
};

const wantedMails = (store: InMemoryEventStore): MailView[] => {
  const requested = new Set(
    store.all().flatMap((event) => (event.type === 'MailRequested' ? [event.data.mailId] : [])),
  );
  return store.all().flatMap((event) => {
    if (event.type !== 'ClientCreationRequested' || !event.data.sendSuccess) return [];
    const { clientId, operationId } = event.data;
    const id = mailIdOf(clientId, 'success', operationId);
    if (requested.has(id)) return [];
    return [{ id, clientId, template: 'success', origin: 'creation', attempts: 0 } as unknown as MailView];
  });
};
