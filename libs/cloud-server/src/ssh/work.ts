import { message } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';

/** Calls that are under way, so that they can be waited for before what they use is taken away. */
export class Work {
  #running = 0;
  #isOver = false;
  #onIdle: (() => void) | undefined;

  /** @throws CloudServerError `connection_closed` after {@link Work.end} was called */
  async run<T>(act: () => Promise<T>): Promise<T> {
    if (this.#isOver) {
      throw new CloudServerError(
        'final',
        'connection_closed',
        message`The connection to the server is being closed`,
      );
    }
    this.#running += 1;
    try {
      return await act();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  /** Lets nothing begin any more, and resolves when nothing runs, after `deadlineMs` at the latest. */
  async end(deadlineMs: number): Promise<void> {
    this.#isOver = true;
    if (this.#running === 0) return;
    const idle = Promise.withResolvers<void>();
    this.#onIdle = idle.resolve;
    const waited = new AbortController();
    await Promise.race([idle.promise, sleep(deadlineMs, waited.signal).catch(() => {})]);
    waited.abort();
  }

  /** The same object, each call of whose methods counts as work, but for those named. */
  counted<T extends object>(target: T, except: readonly string[] = []): T {
    return new Proxy(target, {
      get: (_, property, receiver) => {
        const method: unknown = Reflect.get(target, property, receiver);
        if (typeof method !== 'function' || except.includes(String(property))) return method;
        return (...args: unknown[]) => this.run(() => method.apply(target, args) as Promise<unknown>);
      },
    });
  }
}
