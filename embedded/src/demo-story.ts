import { randomUUID } from 'node:crypto';
import { get as httpGet } from 'node:http';
import { poll, type Api, type Resource } from './api.ts';
import type { DemoServer } from './demo-places.ts';

type Say = (line: string) => void;

const prepareDeadlineMs = 180_000;
const createDeadlineMs = 300_000;
const healthDeadlineMs = 120_000;

interface LogEntry {
  at: string;
  level: string;
  message: string;
}

/**
 * Registers a server and waits until it is ready.
 * @param onRegistered called with the id as soon as it is known, so that a clean-up after any later failure can use it
 * @throws Error with the reason when it does not become ready
 */
export const registerDemoServer = async (
  api: Api,
  { attributes }: DemoServer,
  say: Say,
  onRegistered: (serverId: string) => void,
): Promise<Resource> => {
  const { data, meta } = await api.post(
    '/servers/create',
    {
      type: 'servers',
      attributes,
    },
    randomUUID(),
  );
  onRegistered(data.id);
  await followLog(
    api,
    `/operations/${String(meta?.['operationId'])}/log`,
    ({ status }) => ['ok', 'error', 'cancelled'].includes(String(status)),
    prepareDeadlineMs,
    say,
  );
  const server = (await api.get(`/servers/${data.id}`)).data;
  if (server.attributes['status'] !== 'ready') {
    throw new Error(`The server did not become ready: ${JSON.stringify(server.attributes['failure'])}`);
  }
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

/** Creates a client, follows its create log, and reads its page through the proxy. @throws Error when the creation ends in error */
export const createDemoClient = async (
  api: Api,
  {
    server,
    address: machine,
    slug,
    image,
  }: { server: Resource; address: string; slug: string; image: string },
  say: Say,
): Promise<DemoClient> => {
  const { data } = await api.post(
    '/clients/create',
    {
      type: 'clients',
      attributes: {
        name: 'Лаборатория «Альфа»',
        slug,
        email: 'owner@lab.example',
        expireDate: `${new Date().getUTCFullYear() + 1}-12-31`,
        image,
        demo: true,
      },
      relationships: { server: { data: { type: 'servers', id: server.id } } },
    },
    randomUUID(),
  );
  const log = `/clients/${data.id}/create_log`;
  await followLog(api, log, ({ completed }) => completed !== null, createDeadlineMs, say);
  const { completed, error } = (await api.get(log)).data.attributes;
  if (completed !== 'ok') throw new Error(`The creation ended in error: ${JSON.stringify(error)}`);
  const client = (await api.get(`/clients/${data.id}`)).data;
  const address = String(client.links?.['cloud']);
  return {
    id: data.id,
    operationId: client.relationships?.['operation']?.data?.id ?? '',
    address,
    curl: `curl -H 'Host: ${new URL(address).host}' http://${machine}:${portOf(address)}/`,
    page: await firstWords(address, machine),
  };
};

/** How a server is, in a line. */
export const serverInWords = async (api: Api, id: string): Promise<string> => {
  const look = async () => {
    const { data, meta } = await api.get(`/servers/${id}`);
    return {
      attributes: data.attributes,
      monitoring: (meta?.['monitoring'] ?? {}) as Record<string, unknown>,
    };
  };
  await poll(look, ({ attributes }) => attributes['health'] !== 'unknown', healthDeadlineMs);
  const { attributes, monitoring } = await look();
  const { load, cpus, memoryUsedBytes, memoryTotalBytes, containers } = monitoring;
  const running = (containers as { running: number } | null)?.running ?? 'unknown';
  const parts = [
    `health ${String(attributes['health'])}`,
    `clients ${String(attributes['clientCount'])}`,
    `load ${String(load)} on ${String(cpus)} processors`,
    `memory ${inGib(memoryUsedBytes)} of ${inGib(memoryTotalBytes)}`,
    `running containers ${running}`,
  ];
  return `${String(attributes['name'])}: ${parts.join(', ')}`;
};

const inGib = (bytes: unknown): string =>
  typeof bytes === 'number' ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : 'unknown';

const portOf = (address: string): number => Number(new URL(address).port || 80);

const followLog = async (
  api: Api,
  path: string,
  isOver: (attributes: Record<string, unknown>) => boolean,
  deadlineMs: number,
  say: Say,
): Promise<void> => {
  let cursor: string | null = null;
  await poll(
    async () => {
      const query = cursor === null ? '' : `?page[after]=${encodeURIComponent(cursor)}`;
      const { data, meta } = await api.get(`${path}${query}`);
      const entries = data.attributes['entries'] as LogEntry[];
      for (const entry of entries) say(`    ${entry.at.slice(11, 23)} ${entry.message}`);
      cursor = (meta?.['cursor'] as string | null | undefined) ?? cursor;
      return entries.length === 0 && isOver(data.attributes);
    },
    (isRead) => isRead,
    deadlineMs,
  );
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
