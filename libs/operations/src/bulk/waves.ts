/** Work on many things, some at a time. */
export interface Waves<Item> {
  /** In the order in which they are begun. */
  items: readonly Item[];
  /** At the same time. */
  size: number;
  /** Asked before each item. After the first `false` no further item is begun; those under way end. */
  mayBegin: () => Promise<boolean>;
  work: (item: Item, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Begins the next item as soon as one has ended. An error of one stops the others by their signal and is thrown when all have ended.
 */
export const inWaves = async <Item>({ items, size, mayBegin, work, signal }: Waves<Item>): Promise<void> => {
  const broken = new AbortController();
  const either = AbortSignal.any([signal, broken.signal]);
  const queue = [...items];
  let isOver = false;
  // Asked one at a time, because each begin changes the answer.
  let question: Promise<unknown> = Promise.resolve();
  const next = (): Promise<Item | undefined> => {
    const answer = question.then(async () => {
      if (isOver || queue.length === 0) return undefined;
      if (either.aborted || !(await mayBegin())) {
        isOver = true;
        return undefined;
      }
      return queue.shift();
    });
    question = answer.catch(() => undefined);
    return answer;
  };
  const errors: unknown[] = [];
  const keepWorking = async (): Promise<void> => {
    try {
      for (let item = await next(); item !== undefined; item = await next()) await work(item, either);
    } catch (error) {
      errors.push(error);
      broken.abort(error instanceof Error ? error : new Error('Work failed', { cause: error }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(size, queue.length) }, keepWorking));
  if (errors.length > 0) throw errors[0];
};
