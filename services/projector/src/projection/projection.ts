import { subjects } from '@alfa-cloud/contracts';
import {
  subscribeProjection,
  type EventStoreConnection,
  type Projection as Subscription,
  type RecordedEvent,
} from '@alfa-cloud/event-sourcing';
import type { Feed } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, isSqliteDamage, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { openPersonalData, unreadableTo } from '../clients/personal-data.ts';
import type { ProjectorMetrics } from './projector-metrics.ts';
import type { Answers } from '../queries/answers.ts';
import { noneYet } from '../read-models/database.ts';
import { claimFile, type ClaimedFile } from '../read-models/claimed-file.ts';
import { beforeAll, Positions } from '../read-models/positions.ts';
import type { Applied } from '../read-models/read-models.ts';
import { openStore, type Store } from '../read-models/store.ts';

export interface ProjectionDeps {
  /** For the subscription to all events. */
  client: EventStoreConnection['client'];
  vault: Pick<Vault, 'open'>;
  feed: Pick<Feed, 'publish'>;
  logger: Logger;
  metrics: ProjectorMetrics;
  clock: Clock;
}

/** Events in one transaction at most; queries wait for its end. */
const maxBatch = 1000;
/** The same while the read models are built from nothing and no query is answered: a row that many events change is written once for all of them. */
const rebuildBatch = 4000;

/** Keeps the read models up to date: follows the events, applies them, wakes waiting queries, and rebuilds when the file is lost. */
export class Projection {
  readonly positions = new Positions();
  readonly #files: readonly string[];
  readonly #deps: ProjectionDeps;
  #claimed: ClaimedFile | null = null;
  #store: Store | null = null;
  #subscription: Subscription | null = null;
  #isStopping = false;

  /** @param files of which the first that no other process has is used */
  constructor(files: readonly string[], deps: ProjectionDeps) {
    this.#files = files;
    this.#deps = deps;
  }

  /** @throws ReadModelsInUse when other projectors have all the files */
  async start(): Promise<void> {
    this.#claimed = await claimFile(this.#files);
    this.#store = openStore(this.#claimed.file, this.#deps.clock, { fresh: false });
    this.#follow(this.#store);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.positions.release();
    await this.#subscription?.stop();
    this.#store?.close();
    this.#claimed?.release();
  }

  answers(): Answers {
    return this.#opened().answers;
  }

  recordAvailability(message: unknown): void {
    this.#opened().record(message);
  }

  recordImages(message: unknown): void {
    this.#opened().recordImages(message);
  }

  recordServerImages(message: unknown): void {
    this.#opened().recordServerImages(message);
  }

  recordHealth(message: unknown): void {
    this.#opened().recordHealth(message);
  }

  /** Throws away read models that turned out damaged and builds them anew. Other errors are left alone. */
  mendIfDamaged(error: unknown): void {
    if (isSqliteDamage(error)) this.#replace(`their file is damaged (${errorMessage(error)})`);
  }

  /** In words, for the health check. @throws Error while the read models are not in step with the events */
  describe(): string {
    const { caughtUp, lastError } = this.#followed().status();
    if (lastError !== null) throw new Error(lastError);
    const position = String(this.#opened().checkpoint()?.position ?? 'none');
    if (!caughtUp) throw new Error(`catching up, at position ${position}`);
    return `live, at position ${position}`;
  }

  #opened(): Store {
    if (this.#store === null) throw new Error('The projection has not been started');
    return this.#store;
  }

  #followed(): Subscription {
    if (this.#subscription === null) throw new Error('The projection has not been started');
    return this.#subscription;
  }

  #follow(store: Store): void {
    const { client, logger, metrics, clock } = this.#deps;
    metrics.alerts(store.openAlerts());
    const checkpoint = store.checkpoint();
    this.positions.moveTo(store.rebuild === null ? (checkpoint?.position ?? beforeAll) : null);
    if (store.rebuild !== null) {
      metrics.rebuilt();
      const level = store.rebuild === noneYet ? 'info' : 'warn';
      logger[level]({ reason: store.rebuild }, 'building the read models from the first event on');
    }
    this.#subscription = subscribeProjection({
      client,
      fromPosition: checkpoint?.position ?? null,
      newestEvent: checkpoint === null ? null : { position: checkpoint.position, id: checkpoint.eventId },
      handle: ({ events }) => this.#handle(store, events),
      onCaughtUp: () => this.#onCaughtUp(store),
      onUnknown: () => metrics.unknown(),
      onForeign: () => this.#replace('they were built from the events of another event store'),
      logger,
      maxBatch: store.rebuild === null ? maxBatch : rebuildBatch,
      clock,
    });
  }

  /** Whatever is in hand for the former store is dropped; the new subscription brings it again. */
  #replace(reason: string): void {
    if (this.#isStopping || this.#claimed === null) return;
    const { logger, clock } = this.#deps;
    const former = this.#subscription;
    this.#store?.close();
    this.#store = { ...openStore(this.#claimed.file, clock, { fresh: true }), rebuild: reason };
    former
      ?.stop()
      .catch((error: unknown) => logger.warn({ err: error }, 'the former subscription did not end well'));
    this.#follow(this.#store);
  }

  /**
   * A vault out of reach, a full disk and the like are thrown on, and the batch comes again:
   * leaving one out would make the read models untrue for good.
   */
  async #handle(store: Store, events: readonly RecordedEvent[]): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    const personal = await openPersonalData(events, this.#deps.vault, unreadableTo(this.#deps.logger));
    if (!store.isOpen()) return;
    try {
      this.#told(store.apply(events, personal), last);
    } catch (error) {
      if (!isSqliteDamage(error)) throw error;
      this.mendIfDamaged(error);
    }
  }

  #told(applied: Applied, last: RecordedEvent): void {
    const { metrics, clock } = this.#deps;
    const { caughtUp } = this.#followed().status();
    metrics.projected(applied);
    if (applied.alertsChanged) metrics.alerts(this.#opened().openAlerts());
    metrics.behind(caughtUp ? 0 : (clock().getTime() - Date.parse(last.metadata.at)) / 1000);
    if (this.positions.reached !== null) this.positions.moveTo(last.position);
    if (caughtUp) this.#nudge(applied, last.position);
  }

  #onCaughtUp(store: Store): void {
    if (!store.isOpen()) return;
    const position = store.checkpoint()?.position ?? beforeAll;
    if (this.positions.reached === null) {
      this.#deps.logger.info({ position: String(position) }, 'the read models are built');
    }
    this.#deps.metrics.behind(0);
    this.positions.moveTo(position);
  }

  #nudge({ operationIds, parentIds, serverIds, touched }: Applied, position: bigint): void {
    if (touched) this.#deps.feed.publish(subjects.changed, { position: String(position) });
    for (const serverId of serverIds) {
      this.#deps.feed.publish(subjects.serverChanged(serverId), { serverId, position: String(position) });
    }
    for (const operationId of new Set([...operationIds, ...parentIds])) {
      const subject = subjects.operationChanged(operationId);
      this.#deps.feed.publish(subject, { operationId, position: String(position) });
    }
  }
}
