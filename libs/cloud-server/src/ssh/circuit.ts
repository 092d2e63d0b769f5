import { message, wordsOf } from '@alfa-cloud/contracts';
import { backoffMs } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';

const firstDelayMs = 500;
const maxDelayMs = 60_000;
/** An attempt that ends before anything is said costs next to nothing, and finds a server soon that comes back. */
const silentMaxDelayMs = 10_000;
/** What a server refuses for good is not asked for again soon: firewalls lock out whoever knocks too often. */
const refusedDelayMs = 30_000;
/** A connection that lasted so long was a good one: the next failure is the first again. */
const soundMs = 30_000;
/** So near an attempt is waited for; else the call fails at once. */
const patienceMs = 2000;

/**
 * Whether a server may be tried to reach now. After a failure it may not for a while, twice as long after each further one, up to a minute; up to
 * 10 s while nothing answers there at all.
 * @param now a clock that never goes back, ms
 */
export class Circuit {
  readonly #server: string;
  readonly #now: () => number;
  #failures = 0;
  #retryAt = 0;
  #connectedAt = 0;
  #lostAt: number | undefined;
  #awaySince: number | undefined;
  #cause: CloudServerError | undefined;

  constructor(server: string, now: () => number = () => performance.now()) {
    this.#server = server;
    this.#now = now;
  }

  /**
   * How long to wait before the next attempt, in ms.
   * @throws CloudServerError when that is too long to wait for: with the code and kind of the failure that has opened the circuit
   */
  admit(): number {
    const delayMs = this.retryInMs;
    if (delayMs <= patienceMs) return delayMs;
    const cause = this.#cause;
    if (cause?.kind === 'final') throw cause;
    throw new CloudServerError(
      'transient',
      'server_unreachable',
      message`${this.#server} could not be reached and is tried again in ${Math.ceil(delayMs / 1000)} s: ${wordsOf(cause)}`,
      { cause },
    );
  }

  /** What has opened the circuit; undefined after a success. */
  get cause(): CloudServerError | undefined {
    return this.#cause;
  }

  /** How long until the next attempt may be made, ms. */
  get retryInMs(): number {
    return Math.max(0, Math.ceil(this.#retryAt - this.#now()));
  }

  /** How long nothing has reached the server, from the loss of the connection on, ms; 0 until an attempt has failed. */
  get awayMs(): number {
    return this.#awaySince === undefined ? 0 : this.#now() - this.#awaySince;
  }

  /** @param options.isSilent nothing has answered; default false */
  failed(cause: CloudServerError, { isSilent = false } = {}): void {
    this.#cause = cause;
    this.#failures += 1;
    this.#awaySince ??= this.#lostAt ?? this.#now();
    const delayMs = backoffMs(this.#failures, firstDelayMs, isSilent ? silentMaxDelayMs : maxDelayMs);
    const refused = cause.kind === 'final';
    this.#retryAt = this.#now() + (refused ? Math.max(delayMs, refusedDelayMs) : delayMs);
  }

  succeeded(): void {
    this.#connectedAt = this.#now();
    this.#lostAt = undefined;
    this.#awaySince = undefined;
    this.#cause = undefined;
  }

  /** The connection has ended by itself. */
  lost(cause: CloudServerError): void {
    this.#lostAt = this.#now();
    if (this.#now() - this.#connectedAt < soundMs) {
      this.failed(cause);
      return;
    }
    this.#failures = 0;
    this.#retryAt = 0;
  }
}
