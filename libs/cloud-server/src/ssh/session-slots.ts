/** Files need a session beside the commands that make them last; a server that lets fewer run can't be used. */
const limitMin = 2;

/**
 * The sessions (commands, SFTP) that a server lets run at the same time over one connection: sshd's `MaxSessions`, which no client is told.
 * Begins with sshd's default and learns from refusals. Forwarded sockets do not count.
 */
export class SessionSlots {
  readonly #waiting: (() => void)[] = [];
  readonly #idlers = new Set<() => void>();
  #limit: number;
  #taken = 0;

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
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken >= this.#limit) this.press();
    if (this.#taken >= this.#limit) await this.#wait(signal);
    else this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#release();
    };
  }

  /** The server has refused a session while so many were open: it lets no more run. */
  refused(open: number): void {
    this.#limit = Math.max(limitMin, Math.min(this.#limit, open));
  }

  /** `giveUp` is called when others wait: whoever keeps a session that it does not need now should end it. */
  onPressure(giveUp: () => void): void {
    this.#idlers.add(giveUp);
  }

  /** Asks for what is kept without need. */
  press(): void {
    for (const giveUp of this.#idlers) giveUp();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(start);
    });
  }

  #release(): void {
    if (this.#taken <= this.#limit) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        next();
        return;
      }
    }
    this.#taken -= 1;
  }
}
