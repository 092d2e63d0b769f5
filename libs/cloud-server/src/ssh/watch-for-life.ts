import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/** How often the other side is asked for a sign of life. */
export const askMs = 3000;
const silentLooksMax = 4;

/**
 * Ends a connection on which nothing has come in for 12 s, though the other side is asked for a sign of life every 3 s. Looks are counted, not
 * time: a process that was busy for a while finds what has come in meanwhile before it looks again.
 */
export const watchForLife = (client: Client, socket: Duplex): void => {
  let silentLooks = 0;
  socket.on('data', () => (silentLooks = 0));
  const timer = setInterval(() => {
    silentLooks += 1;
    if (silentLooks < silentLooksMax) return;
    clearInterval(timer);
    socket.destroy(new Error(`no sign of life for ${(silentLooksMax * askMs) / 1000} s`));
  }, askMs);
  client.once('close', () => clearInterval(timer));
};
