/** Files need a session beside the commands that make them last; a server that lets fewer run can't be used. */
const limitMin = 2;

/** `ending`: a command that ends another one, which goes before all that waits. `other`: SFTP, connections to Docker. */
export type SessionKind = 'command' | 'ending' | 'other';

interface Waiter {
  kind: SessionKind;
  start: () => void;
}

/**
 * The sessions that a server lets run at the same time over one connection: sshd's `MaxSessions`, which no client is told. Begins with sshd's
 * default and learns from refusals. Forwarded sockets do not count. Commands leave one session free, by which they can be ended.
 */
export class SessionSlots {
  readonly #waiting: Waiter[] = [];
  readonly #idlers = new Set<() => void>();
  #limit: number;
  #taken = 0;
  #commands = 0;

  constructor(limit = 10) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Whether somebody waits: who has no need of a session any more should not keep it for later. */
  get isPressed(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes a slot, in order of asking. The result gives it back and may be called twice. Rejects with the signal's reason. */
  async take(signal: AbortSignal, kind: SessionKind = 'other'): Promise<() => void> {
    signal.throwIfAborted();
    if (!this.#fits(kind)) this.#press();
    if (this.#fits(kind)) this.#occupy(kind);
    else await this.#wait(signal, kind);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#release(kind);
    };
  }

  /** The server has refused a session while so many were open: it lets no more run. */
  refused(open: number): void {
    this.#limit = Math.max(limitMin, Math.min(this.#limit, open));
  }

  /** `giveUp` is called when others begin to wait: whoever keeps a session that it does not need now should end it. */
  onPressure(giveUp: () => void): void {
    this.#idlers.add(giveUp);
  }

  #press(): void {
    for (const giveUp of this.#idlers) giveUp();
  }

  #fits(kind: SessionKind): boolean {
    return this.#taken < this.#limit && (kind !== 'command' || this.#commands < this.#limit - 1);
  }

  #occupy(kind: SessionKind): void {
    this.#taken += 1;
    if (kind === 'command') this.#commands += 1;
  }

  #wait(signal: AbortSignal, kind: SessionKind): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
      };
      const start = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const waiter: Waiter = { kind, start };
      signal.addEventListener('abort', onAbort, { once: true });
      if (kind === 'ending') this.#waiting.unshift(waiter);
      else this.#waiting.push(waiter);
    });
  }

  #release(kind: SessionKind): void {
    this.#taken -= 1;
    if (kind === 'command') this.#commands -= 1;
    for (;;) {
      const next = this.#waiting.findIndex((waiter) => this.#fits(waiter.kind));
      const [waiter] = next < 0 ? [] : this.#waiting.splice(next, 1);
      if (waiter === undefined) return;
      this.#occupy(waiter.kind);
      waiter.start();
    }
  }
}
