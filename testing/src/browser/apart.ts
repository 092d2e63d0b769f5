/** Chromium where loopback is the only network: the port of the product leads out of it through a socket file. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from './join.ts';

const { ALFA_BROWSER_PORT: port, ALFA_BROWSER_SOCKET: way = '' } = process.env;

execFileSync('ip', ['link', 'set', 'lo', 'up']);
const server = createServer((socket) => join(socket, connect(way))).listen(Number(port), '127.0.0.1');
await once(server, 'listening');
// Descriptors 3 and 4 are those by which Playwright speaks to it.
const browser = spawn('/usr/bin/chromium', process.argv.slice(2), {
  stdio: ['inherit', 'inherit', 'inherit', 'inherit', 'inherit'],
});
browser.on('error', (error) => {
  console.error(`Chromium does not start: ${error.message}`);
  process.exit(1);
});
browser.on('exit', (code) => process.exit(code ?? 1));
