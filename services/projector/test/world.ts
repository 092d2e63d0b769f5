import { streams, type PersonalData, type Queries, type QueryName } from '@alfa-cloud/contracts';
import { connectEventStore } from '@alfa-cloud/event-sourcing';
import { connectMessaging } from '@alfa-cloud/messaging';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { createLogger, createMetrics } from '@alfa-cloud/service-kit';
import { eventually, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { deriveId } from '@alfa-cloud/contracts';
import { Writable } from 'node:stream';
import { createProjector } from '../src/index.ts';
import type { PlacedEvent } from '../src/testing/recorded.ts';
import { clientIdOf, clientStory, type ClientStory } from '../src/testing/stories.ts';
import { startEventStoreProcess } from './event-store-process.ts';

const cause = { commandId: 'command', correlationId: 'request', causationId: 'command', actor: 'admin' };

/** The real engines around one projector, and what a test does with them. */
export const createWorld = async () => {
  const logged: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ service: 'projector', destination });
  const directory = await temporaryDirectory('alfa-projector-');
  const nats = await startNatsServer();
  const eventStoreProcess = await startEventStoreProcess(`${directory.path}/events`);
  const messaging = await connectMessaging({ url: nats.url, name: 'projector-test', logger });
  const eventStore = connectEventStore({
    connectionString: eventStoreProcess.connectionString,
    logger,
    patienceMs: 20_000,
  });
  const vault = inMemoryVault();
  const revisions = new Map<string, bigint>();

  const append = async (events: readonly PlacedEvent[]): Promise<string> => {
    let position = 0n;
    for (const { stream, event } of events) {
      const revision = revisions.get(stream);
      const id = deriveId(stream, String(revision ?? 'first'));
      const written = await eventStore.append(stream, [{ id, event }], {
        expectedRevision: revision ?? 'no_stream',
        cause,
      });
      revisions.set(stream, written.revision);
      position = written.position;
    }
    return String(position);
  };

  return {
    directory: directory.path,
    file: `${directory.path}/projector/read-models.sqlite`,
    logged,
    messaging,
    eventStore,
    eventStoreProcess,
    vault,
    /** Writes events, one append each. @returns position of the last */
    append,

    /** A client's story with its personal data sealed by its own key. */
    async client(
      story: Omit<ClientStory, 'personal'>,
      personal: Partial<PersonalData> = {},
    ): Promise<PlacedEvent[]> {
      const scope = `client.${clientIdOf(story.slug)}` as const;
      await vault.ensureKey(scope);
      const data = { name: story.slug, email: 'a@b.test', ownerLogin: 'owner', notes: '', ...personal };
      return clientStory({ ...story, personal: await vault.seal(scope, JSON.stringify(data)) });
    },

    projector(options: { file?: string; vault?: Pick<typeof vault, 'open'> } = {}) {
      const readModelsFile = options.file ?? `${directory.path}/projector/read-models.sqlite`;
      const metrics = createMetrics('projector');
      return createProjector(
        { readModelsFiles: [readModelsFile] },
        { eventStore, messaging, vault: options.vault ?? vault, logger, metrics },
      );
    },

    ask: <Name extends QueryName>(name: Name, request: Queries[Name]['request'], minPosition?: string) =>
      messaging.queries.ask(name, request, minPosition === undefined ? {} : { minPosition }),

    async close() {
      await eventStore.close();
      await messaging.close();
      await eventStoreProcess[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
      await directory.remove();
    },
  };
};
export type World = Awaited<ReturnType<typeof createWorld>>;

/** Resolves when the projector has everything and follows. */
export const live = (projector: ReturnType<World['projector']>): Promise<unknown> =>
  eventually('the projector to be live', () => projector.checks['projection']?.().then(() => true));

export const clientStream = (slug: string): string => streams.client(clientIdOf(slug));
