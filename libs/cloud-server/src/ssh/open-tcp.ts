import { connect, type Socket } from 'node:net';
import { gatherWrites } from './gather-writes.ts';

/** A TCP connection that is up. A name is resolved anew each time. */
export const openTcp = (host: string, port: number, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, signal });
    // Stays: the connection may be lost before its user listens, which must not end the process.
    socket.once('error', reject);
    socket.once('connect', () => {
      gatherWrites(socket);
      resolve(socket);
    });
  });
