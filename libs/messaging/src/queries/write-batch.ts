let current: Promise<void> | null = null;

/**
 * Resolves when this turn of the event loop has read all available input, for all callers of that turn at once. What they send then leaves in
 * one write and is read by the receiver at once: under load, system calls are the largest cost.
 */
export const nextWriteBatch = (): Promise<void> => {
  current ??= new Promise((resolve) => {
    setImmediate(() => {
      current = null;
      resolve();
    });
  });
  return current;
};
