/** Work that several ask for at the same time is done once for all of them. */
export class SharedWork<Result> {
  readonly #running = new Map<
    string,
    { result: Promise<Result>; askers: number; controller: AbortController }
  >();

  /**
   * Joins the work of that name, or begins it. It goes on while anybody waits for it.
   * @param signal ends this asker's wait alone, with its reason
   */
  async join(
    name: string,
    signal: AbortSignal,
    begin: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const work = this.#running.get(name) ?? this.#begin(name, begin);
    work.askers += 1;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work.result, aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      work.askers -= 1;
      if (work.askers === 0) {
        if (this.#running.get(name) === work) this.#running.delete(name);
        work.controller.abort(new Error('Nobody waits for it any more'));
      }
    }
  }

  #begin(name: string, begin: (signal: AbortSignal) => Promise<Result>) {
    const controller = new AbortController();
    const work = { result: begin(controller.signal), askers: 0, controller };
    const forget = () => {
      if (this.#running.get(name) === work) this.#running.delete(name);
    };
    work.result.then(forget, forget);
    this.#running.set(name, work);
    return work;
  }
}
