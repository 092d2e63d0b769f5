import { request as httpRequest } from 'node:http';

export interface Page {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/**
 * A visitor of a client's cloud, through the proxy of its server, over a connection of its own.
 * @param address of the cloud, `http://<host>:<port>`
 * @param form posted when given
 * @param host in place of the one of the address, e.g. an alias
 * @param machine whose proxy it is; default: this one
 */
export const visit = (
  address: string,
  path = '/',
  {
    form,
    host,
    machine = '127.0.0.1',
  }: { form?: Record<string, string>; host?: string; machine?: string } = {},
): Promise<Page> =>
  new Promise((resolve, reject) => {
    const { host: own, port } = new URL(address);
    const request = httpRequest(
      {
        host: machine,
        port,
        path,
        method: form === undefined ? 'GET' : 'POST',
        agent: false,
        headers: {
          host: host ?? own,
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        timeout: 10_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', reject).end(form === undefined ? '' : new URLSearchParams(form).toString());
  });

/** A fact that the client application shows on its page, as text. */
export const factOf = (text: string, name: string): string =>
  new RegExp(`data-fact="${name}">\\s*([^<]*?)\\s*<`).exec(text)?.[1] ?? '';

/** What visitors got who came all the time. */
export interface Visits {
  count: number;
  /** Everything that was not a 200 of the application, in words. */
  failures: string[];
  /** Versions of the application that answered, in the order of their first answers. */
  versions: string[];
}

/** Visitors of a client who come one after the other, `parallel` at a time, until stopped. */
export const visitAllTheTime = (come: () => Promise<Page>, parallel = 2): { stop(): Promise<Visits> } => {
  const visits: Visits = { count: 0, failures: [], versions: [] };
  const stopped = new AbortController();
  const visitor = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        const { status, text } = await come();
        const version = factOf(text, 'version');
        if (status !== 200) visits.failures.push(`${status}: ${text.slice(0, 200)}`);
        else if (!visits.versions.includes(version)) visits.versions.push(version);
      } catch (error) {
        visits.failures.push(String(error));
      }
      visits.count += 1;
    }
  };
  const visitors = Promise.all(Array.from({ length: parallel }, visitor));
  return {
    async stop() {
      stopped.abort();
      await visitors;
      return visits;
    },
  };
};
