let current: Promise<void> | null = null;

/**
 * Resolves when this turn of the event loop has taken in all that lay ready to be read, for all who wait at the same moment.
 * What they then send leaves in one write, and the server and the other side read it at once: under load the system calls are what costs most.
 */
export const endOfTurn = (): Promise<void> => {
  current ??= new Promise((resolve) => {
    setImmediate(() => {
      current = null;
      resolve();
    });
  });
  return current;
};
