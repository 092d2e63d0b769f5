import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join as pathOf } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { temporaryDirectory } from '../temporary-directory.ts';
import { join } from './join.ts';

/** Chromium looks up hosts of its maker and calls them in the background; tests talk to nobody but the product. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser, and the network between it and the product. */
export interface ApartBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
}

/**
 * Debian's Chromium without a window, in a network of its own: it drops what it is loading whenever a network of the machine comes or goes, and
 * tests beside it make such all the time. Needs root. Ends at the latest with this process.
 * @param port of the product on 127.0.0.1, the only address that the browser reaches
 */
export const startBrowser = async (port: number): Promise<ApartBrowser> => {
  await using started = new AsyncDisposableStack();
  const place = started.adopt(await temporaryDirectory('alfa-browser-'), (directory) => directory.remove());
  const way = pathOf(place.path, 'product.sock');
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    join(socket, connect(port, '127.0.0.1'));
  }).listen(way);
  started.defer(() => void server.close());
  await once(server, 'listening');
  const browser = started.adopt(
    await chromium.launch({
      executablePath: pathOf(import.meta.dirname, 'apart.sh'),
      args: quiet,
      env: {
        ...process.env,
        ALFA_BROWSER_NODE: process.execPath,
        ALFA_BROWSER_PORT: String(port),
        ALFA_BROWSER_SOCKET: way,
      },
    }),
    (launched) => launched.close(),
  );
  const running = started.move();
  return {
    browser,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
