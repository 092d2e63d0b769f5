import {
  type Client,
  createClient,
  type Operation,
  type Resource as PlainResource,
} from '@alfa-cloud/client';
import { type DescribedAnswers, describedAnswers, eventually, freePort } from '@alfa-cloud/testing';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into documents of every shape
  body: any;
}

/** A resource of a document as it was sent. */
export interface Resource {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
  relationships?: Record<string, { data: { type: string; id: string } | null }>;
  links?: Record<string, string>;
}

export type { Operation };

/** A server as the client shows it. */
export type Server = PlainResource<'servers'>;

/** The API as a test calls it: whatever the status, the answer comes back, unless it is not as `/openapi.json` describes it. */
export interface Caller {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The client that pages and programs use, for what is not tested by its documents. Its answers are compared as well. */
  readonly alfa: Client;
}

const login = 'admin';

/** @param onAnswer called with each document that was answered */
export const createCaller = (
  url: string,
  password: string,
  onAnswer: (answer: Answer) => void = () => {},
): Caller => {
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  let described: DescribedAnswers | null = null;
  const describe = async (): Promise<DescribedAnswers | null> => {
    const options = { headers: { authorization }, signal: AbortSignal.timeout(30_000) };
    // A gateway that has gone shows by the next answer.
    const response = await fetch(`${url}/openapi.json`, options).catch(() => null);
    return response?.ok === true ? describedAnswers((await response.json()) as object) : null;
  };
  /** @throws Error for an answer that is not as described */
  const read = async (method: string, path: string, response: Response): Promise<Answer> => {
    const { status, headers } = response;
    const text = await response.text();
    // A wrong password is not tried once more.
    if (response.ok) described ??= await describe();
    const contentType = headers.get('content-type') ?? '';
    const faults = described?.faultsOf({ method, path, status, contentType, text }) ?? [];
    if (faults.length > 0) throw new Error(`An answer is not as described: ${faults.join('; ')}`);
    const answer = { status, headers, text, body: text.startsWith('{') ? JSON.parse(text) : null };
    onAnswer(answer);
    return answer;
  };
  const compared: typeof fetch = async (address, init) => {
    const response = await fetch(address, init);
    if (response.headers.get('content-type')?.includes('json') !== true) return response;
    await read(init?.method ?? 'GET', response.url.slice(url.length), response.clone());
    return response;
  };
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/vnd.api+json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(90_000),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return read(method, path, response);
  };
  return Object.assign(call, { alfa: createClient({ url, login, password, fetch: compared }) });
};

/** Registers the local engine, or the server that `attributes` tell of, and waits until it is ready. */
export const registerServer = async ({ alfa }: Caller, attributes: object = {}): Promise<Server> => {
  const { data } = await alfa.post('/servers/create', {
    attributes: {
      name: 'first',
      domain: 'alfa.localhost',
      connection: { kind: 'local' },
      proxy: { httpPort: await freePort() },
      ...attributes,
    },
    timeoutMs: 90_000,
  });
  return eventually(
    'the server is ready',
    async () => {
      const server = (await alfa.get('/servers/{id}', { id: data.id })).data;
      if (server.status === 'failed') throw new Error(JSON.stringify(server.failure));
      return server.status === 'ready' ? server : undefined;
    },
    { timeoutMs: 120_000 },
  );
};

/** Document of `POST /clients/create`. */
export const clientDocument = (serverId: string, slug: string, image: string, more: object = {}) => ({
  data: {
    type: 'clients',
    attributes: {
      name: `Лаборатория ${slug}`,
      slug,
      email: `owner@${slug}.example`,
      expireDate: `${new Date().getUTCFullYear() + 1}-12-31`,
      image,
      ...more,
    },
    relationships: { server: { data: { type: 'servers', id: serverId } } },
  },
});

/** Polls the create log until it is completed, as Mol does. @returns all entries and the end */
export const followCreation = async (call: Caller, clientId: string, timeoutMs = 120_000) => {
  const entries: { cursor: string; message: string; step: string | null; level: string }[] = [];
  let after = '';
  const end = await eventually(
    'the creation ends',
    async () => {
      const { body, text } = await call('GET', `/clients/${clientId}/create_log${after}`);
      if (body?.data === undefined) throw new Error(text);
      entries.push(...body.data.attributes.entries);
      if (body.meta.cursor !== null) after = `?page[after]=${body.meta.cursor}`;
      return body.data.attributes.entries.length === 0 && body.data.attributes.completed !== null
        ? body
        : undefined;
    },
    { timeoutMs, intervalMs: 200 },
  );
  return { entries, attributes: end.data.attributes };
};

/** Waits for the end of an operation. It is asked for again at once where nobody answers, without the pauses of `waitForOperation`. */
export const finished = ({ alfa }: Caller, operationId: string, timeoutMs = 120_000): Promise<Operation> =>
  eventually(
    `operation ${operationId} ends`,
    async () => {
      const asked = { id: operationId, waitSeconds: 20 };
      const { data } = await alfa.request<Operation>('GET', '/operations/{id}', asked);
      return ['ok', 'error', 'cancelled'].includes(data.status) ? data : undefined;
    },
    { timeoutMs },
  );

/** Sends a request that must be answered with an operation, and waits for its end. */
export const act = async (
  call: Caller,
  method: string,
  path: string,
  body?: unknown,
  timeoutMs?: number,
): Promise<Operation> => {
  const answer = await call(method, path, body);
  if (answer.status !== 202) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  return finished(call, answer.body.data.id, timeoutMs);
};
