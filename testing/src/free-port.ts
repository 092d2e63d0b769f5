import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections (32768 and up), one of which could take a port before the test does. */
const firstPort = 20_000;
/** Ports of each jest worker, so that two of them never choose the same one. */
const portsOfWorker = 3000;
const workers = 4;

const worker = Number(process.env['JEST_WORKER_ID'] ?? workers) % workers;
let next = Math.floor(Math.random() * portsOfWorker);

/** A TCP port that nobody listens on at any address of this machine, and that is not given again soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portsOfWorker; tries += 1) {
    next = (next + 1) % portsOfWorker;
    const port = firstPort + worker * portsOfWorker + next;
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '0.0.0.0'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
