import { type DescribedAnswers, describedAnswers, eventually, freePort } from '@alfa-cloud/testing';
import type { Resource } from '../../src/api.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into documents of every shape
  body: any;
}

/** The API as a test calls it: whatever the status, the answer comes back, unless it is not as `/openapi.json` describes it. */
export interface Caller {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export const createCaller = (url: string, password: string): Caller => {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  let described: DescribedAnswers | null = null;
  const describe = async (): Promise<DescribedAnswers | null> => {
    const options = { headers: { authorization }, signal: AbortSignal.timeout(30_000) };
    // A gateway that has gone shows by the next answer.
    const response = await fetch(`${url}/openapi.json`, options).catch(() => null);
    return response?.ok === true ? describedAnswers((await response.json()) as object) : null;
  };
  return async (method, path, body, headers = {}) => {
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
    const text = await response.text();
    // A wrong password is not tried once more.
    if (response.ok) described ??= await describe();
    const contentType = response.headers.get('content-type') ?? '';
    const faults = described?.faultsOf({ method, path, status: response.status, contentType, text }) ?? [];
    if (faults.length > 0) throw new Error(`An answer is not as described: ${faults.join('; ')}`);
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : null,
    };
  };
};

/** Registers the local engine, or the server that `attributes` tell of, and waits until it is ready. */
export const registerServer = async (call: Caller, attributes: object = {}): Promise<Resource> => {
  const answer = await call('POST', '/servers/create', {
    data: {
      type: 'servers',
      attributes: {
        name: 'first',
        domain: 'alfa.localhost',
        connection: { kind: 'local' },
        proxy: { httpPort: await freePort() },
        ...attributes,
      },
    },
  });
  if (answer.status !== 201 && answer.status !== 202)
    throw new Error(`Server was not registered: ${answer.text}`);
  return eventually(
    'the server is ready',
    async () => {
      const { data } = (await call('GET', `/servers/${answer.body.data.id}`)).body;
      if (data.attributes.status === 'failed') throw new Error(JSON.stringify(data.attributes.failure));
      return data.attributes.status === 'ready' ? data : undefined;
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

/** Attributes of a finished operation. */
export interface Finished {
  id: string;
  status: 'ok' | 'error' | 'cancelled';
  error: { code: string; reason: string; step: string | null } | null;
  result: Record<string, unknown> | null;
  steps: { name: string; status: string; outcome: string | null; durationMs: number | null }[];
  progress: { total: number; done: number; failed: number; running: number } | null;
}

/** Waits for the end of an operation. */
export const finished = (call: Caller, operationId: string, timeoutMs = 120_000): Promise<Finished> =>
  eventually(
    `operation ${operationId} ends`,
    async () => {
      const { body, text } = await call('GET', `/operations/${operationId}`, undefined, {
        prefer: 'wait=20',
      });
      if (body?.data === undefined) throw new Error(text);
      const { attributes, id } = body.data;
      return ['ok', 'error', 'cancelled'].includes(attributes.status) ? { id, ...attributes } : undefined;
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
): Promise<Finished> => {
  const answer = await call(method, path, body);
  if (answer.status !== 202) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  return finished(call, answer.body.data.id, timeoutMs);
};
