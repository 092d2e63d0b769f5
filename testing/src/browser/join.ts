import type { Socket } from 'node:net';

/** Hands on what comes at either end to the other; the end of one is the end of both. */
export const join = (one: Socket, other: Socket): void => {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    // What went wrong at one end is seen at the other as a cut.
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
};
