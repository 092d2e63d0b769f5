import type { Client, Resource } from '@alfa-cloud/client';
import { get as httpGet } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { DemoServer } from './demo-places.ts';

type Say = (line: string) => void;

const prepareDeadlineMs = 180_000;
const createDeadlineMs = 300_000;
const healthDeadlineMs = 120_000;

/**
 * Registers a server and waits until it is ready.
 * @param onRegistered called with the id as soon as it is known, so that a clean-up after any later failure can use it
 * @throws Error with the reason when it does not become ready
 */
export const registerDemoServer = async (
  alfa: Client,
  { attributes }: DemoServer,
  say: Say,
  onRegistered: (serverId: string) => void,
): Promise<Resource<'servers'>> => {
  const { data, meta } = await alfa.post('/servers/create', { attributes });
  onRegistered(data.id);
  await tellLog(alfa, meta.operationId, prepareDeadlineMs, say);
  const server = (await alfa.get('/servers/{id}', { id: data.id })).data;
  if (server.status !== 'ready')
    throw new Error(`The server did not become ready: ${JSON.stringify(server.failure)}`);
  return server;
};

export interface DemoClient {
  id: string;
  operationId: string;
  address: string;
  /** A command that asks for its page where its name is not known. */
  curl: string;
  /** Beginning of its page's text. */
  page: string;
}

/** Creates a client, follows its creation, and reads its page through the proxy. @throws Error when the creation ends in error */
export const createDemoClient = async (
  alfa: Client,
  {
    server,
    address: machine,
    slug,
    image,
  }: { server: Resource<'servers'>; address: string; slug: string; image: string },
  say: Say,
): Promise<DemoClient> => {
  const { data } = await alfa.post('/clients/create', {
    attributes: {
      name: 'Лаборатория «Альфа»',
      slug,
      email: 'owner@lab.example',
      expireDate: `${new Date().getUTCFullYear() + 1}-12-31`,
      image,
      demo: true,
    },
    relationships: { server: { type: 'servers', id: server.id } },
  });
  const operationId = data.type === 'clients' ? (data.operation?.id ?? '') : data.id;
  await tellLog(alfa, operationId, createDeadlineMs, say);
  const { status, error, target } = await alfa.waitForOperation(operationId);
  if (status !== 'ok') throw new Error(`The creation ended in error: ${JSON.stringify(error)}`);
  const client = (await alfa.get('/clients/{id}', { id: target?.id ?? '' })).data;
  const address = String(client.links?.['cloud']);
  return {
    id: client.id,
    operationId,
    address,
    curl: `curl -H 'Host: ${new URL(address).host}' http://${machine}:${portOf(address)}/`,
    page: await firstWords(address, machine),
  };
};

/** How a server is, in a line. @throws Error when its health is not known in time */
export const serverInWords = async (alfa: Client, id: string): Promise<string> => {
  for (const end = performance.now() + healthDeadlineMs; ; await pause(250)) {
    const { data, meta } = await alfa.get('/servers/{id}', { id });
    if (data.health === 'unknown' && performance.now() < end) continue;
    if (data.health === 'unknown') throw new Error(`The health of ${data.name} is not known yet`);
    const { load, cpus, memoryUsedBytes, memoryTotalBytes, containers } = meta.monitoring;
    const parts = [
      `health ${data.health}`,
      `clients ${data.clientCount}`,
      `load ${load} on ${cpus} processors`,
      `memory ${inGib(memoryUsedBytes)} of ${inGib(memoryTotalBytes)}`,
      `running containers ${containers?.running ?? 'unknown'}`,
    ];
    return `${data.name}: ${parts.join(', ')}`;
  }
};

const inGib = (bytes: number | null): string =>
  bytes === null ? 'unknown' : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

const portOf = (address: string): number => Number(new URL(address).port || 80);

const tellLog = async (alfa: Client, operationId: string, deadlineMs: number, say: Say): Promise<void> => {
  for await (const event of alfa.followLog(operationId, { signal: AbortSignal.timeout(deadlineMs) }))
    if (event.name === 'entry') say(`    ${event.entry.at.slice(11, 23)} ${event.entry.message}`);
};

/** Requests the page by address with a Host header, since not every resolver knows `*.localhost`. */
const firstWords = (address: string, machine: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, host } = new URL(address);
    const request = httpGet({ host: machine, port: portOf(address), headers: { host } }, (response) => {
      let page = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (page += chunk));
      response.on('end', () => {
        const text = page
          .replaceAll(/<(style|script|head)[^]*?<\/\1>/g, ' ')
          .replaceAll(/<[^>]+>/g, ' ')
          .replaceAll(/\s+/g, ' ')
          .trim();
        if (response.statusCode === 200) resolve(text.slice(0, 300));
        else reject(new Error(`${hostname} answered ${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    request.setTimeout(10_000, () => request.destroy(new Error(`${hostname} does not answer`)));
    request.on('error', reject);
  });
