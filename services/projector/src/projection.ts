import { subjects } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { Feed } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, retry, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { openPersonalData } from './clients/personal-data.ts';
import type { EventSource, EventSubscription } from './event-source.ts';
import type { ProjectorMetrics } from './projector-metrics.ts';
import type { Answers } from './queries/answers.ts';
import { isDamage } from './read-models/database.ts';
import { beforeAll, Positions } from './read-models/positions.ts';
import type { Applied } from './read-models/read-models.ts';
import { openStore, type Store } from './read-models/store.ts';

export interface ProjectionDeps {
  source: EventSource;
  vault: Pick<Vault, 'open'>;
  feed: Pick<Feed, 'publish'>;
  logger: Logger;
  metrics: ProjectorMetrics;
  clock: Clock;
}

const retryPauseMaxMs = 5000;

/** Keeps the read models in step with the events: follows, applies, tells who waits, and begins anew when the file is lost. */
export class Projection {
  readonly positions = new Positions();
  readonly #file: string;
  readonly #deps: ProjectionDeps;
  readonly #stopping = new AbortController();
  #store: Store | null = null;
  #subscription: EventSubscription | null = null;
  #live = false;
  #lastError: string | null = null;

  constructor(file: string, deps: ProjectionDeps) {
    this.#file = file;
    this.#deps = deps;
  }

  start(): void {
    this.#store = openStore(this.#file, this.#deps.clock, { fresh: false });
    this.#follow(this.#store);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.positions.release();
    await this.#subscription?.stop();
    this.#store?.close();
  }

  answers(): Answers {
    return this.#opened().answers;
  }

  recordAvailability(message: unknown): void {
    this.#opened().record(message);
  }

  /** Throws away read models that turned out damaged and builds them anew. Other errors are left alone. */
  mendIfDamaged(error: unknown): void {
    if (isDamage(error)) this.#replace(`their file is damaged (${errorMessage(error)})`);
  }

  /** In words, for the health check. @throws Error while the read models are not in step with the events */
  describe(): string {
    if (this.#lastError !== null) throw new Error(this.#lastError);
    const position = String(this.#opened().checkpoint()?.position ?? 'none');
    if (!this.#live) throw new Error(`catching up, at position ${position}`);
    return `live, at position ${position}`;
  }

  #opened(): Store {
    if (this.#store === null) throw new Error('The projection has not been started');
    return this.#store;
  }

  #follow(store: Store): void {
    const { source, logger, metrics } = this.#deps;
    const checkpoint = store.checkpoint();
    this.#live = false;
    this.positions.moveTo(store.rebuild === null ? (checkpoint?.position ?? beforeAll) : null);
    if (store.rebuild !== null) {
      metrics.rebuilt();
      logger.warn({ reason: store.rebuild }, 'building the read models from the first event on');
    }
    this.#subscription = source.subscribe({
      checkpoint,
      onBatch: (events) => this.#onBatch(store, events),
      onCaughtUp: () => this.#onCaughtUp(store),
      onUnknown: (error) => {
        metrics.unknown();
        logger.debug({ err: error }, 'an event was left out');
      },
      onForeign: () => this.#replace('they were built from the events of another event store'),
      onInterrupted: (error) => {
        this.#live = false;
        this.#lastError = errorMessage(error);
        logger.warn({ err: error }, 'the subscription to the events broke; making it again');
      },
    });
  }

  /** A batch under way finds its store closed and is dropped: the new subscription brings its events again. */
  #replace(reason: string): void {
    if (this.#stopping.signal.aborted) return;
    const { logger, clock } = this.#deps;
    const former = this.#subscription;
    this.#store?.close();
    this.#store = { ...openStore(this.#file, clock, { fresh: true }), rebuild: reason };
    former
      ?.stop()
      .catch((error: unknown) => logger.warn({ err: error }, 'the former subscription did not end well'));
    this.#follow(this.#store);
  }

  async #onBatch(store: Store, events: readonly RecordedEvent[]): Promise<void> {
    const applied = await this.#applyPersistently(store, events);
    const last = events.at(-1);
    if (applied === null || last === undefined) return;
    const { metrics, clock } = this.#deps;
    this.#lastError = null;
    metrics.projected(applied);
    metrics.behind(this.#live ? 0 : (clock().getTime() - Date.parse(last.metadata.at)) / 1000);
    if (this.positions.reached !== null) this.positions.moveTo(last.position);
    if (this.#live) this.#nudge(applied, last.position);
  }

  /**
   * Tries until it succeeds or nobody wants it any more: leaving a batch out would make the read models untrue for good.
   * @returns null when the service stops or the read models were replaced meanwhile
   */
  async #applyPersistently(store: Store, events: readonly RecordedEvent[]): Promise<Applied | null> {
    const { signal } = this.#stopping;
    const isWanted = () => store.isOpen() && !signal.aborted;
    const attempt = async () => {
      const personal = await openPersonalData(events, this.#deps.vault);
      return isWanted() ? store.apply(events, personal) : null;
    };
    try {
      return await retry(attempt, {
        deadlineMs: Infinity,
        maxDelayMs: retryPauseMaxMs,
        signal,
        isRetryable: (error) => isWanted() && !isDamage(error),
        onRetry: (error, attempt, delayMs) => {
          this.#lastError = errorMessage(error);
          this.#deps.logger.warn(
            { err: error, attempt, delayMs },
            'events could not be projected; trying again',
          );
        },
      });
    } catch (error) {
      // All that gets here is damage, or the end of a batch that nobody wants any more.
      if (isWanted()) this.mendIfDamaged(error);
      return null;
    }
  }

  #onCaughtUp(store: Store): void {
    if (!store.isOpen()) return;
    const position = store.checkpoint()?.position ?? beforeAll;
    if (this.positions.reached === null) {
      this.#deps.logger.info({ position: String(position) }, 'the read models are built');
    }
    this.#live = true;
    this.#lastError = null;
    this.#deps.metrics.behind(0);
    this.positions.moveTo(position);
  }

  #nudge({ operationIds }: Applied, position: bigint): void {
    for (const operationId of operationIds) {
      const subject = subjects.operationChanged(operationId);
      this.#deps.feed.publish(subject, { operationId, position: String(position) });
    }
  }
}
