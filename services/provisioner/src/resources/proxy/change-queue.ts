import { message } from '@alfa-cloud/contracts';
import type { CallOptions, CloudServer, ExecResult } from '@alfa-cloud/cloud-server';
import { lastLinesOf } from '@alfa-cloud/operations';
import { Semaphore } from '@alfa-cloud/service-kit';
import { final, transient } from '../../on-server/failures.ts';
import { serverNames } from '../../on-server/names.ts';
import { putBack, writeFiles, type ProxyChange, type Written } from './proxy-file.ts';

/** Changes that a caller waits for. */
interface ChangeRequest {
  changes: readonly ProxyChange[];
  options: CallOptions;
  settle: PromiseWithResolvers<void>;
}

/**
 * The proxy change queue: changes of one server's proxy in this process. One group at a time, since nginx checks all files together and would
 * refuse a group for a half-made change of another.
 */
interface ChangeQueue {
  waiting: ChangeRequest[];
  lock: Semaphore;
  /** Of the last reload, by `performance.now()`. */
  reloadedAt: number;
}

const queues = new WeakMap<CloudServer, ChangeQueue>();

const queueOf = (server: CloudServer): ChangeQueue => {
  // Before this process another one may have reloaded it just now.
  const known = queues.get(server) ?? { waiting: [], lock: new Semaphore(1), reloadedAt: performance.now() };
  queues.set(server, known);
  return known;
};

/** Requests in one group; further ones wait for the next, which bounds the time of a reload. */
const groupMax = 256;

/**
 * Changes files of the proxy's configuration, all or none, and reloads nginx, which checks all of its files first. When nginx refuses or does not
 * reload, the files are put back as they were. A refusal is final (`proxy_refused`) if it names one of the files, else transient (`proxy_broken`).
 * Requests that arrive while another change is made wait and are then carried out as one group; when nginx refuses the group, each request is
 * tried alone, so that only the faulty one fails.
 */
export const changeProxyFiles = async (
  server: CloudServer,
  changes: readonly ProxyChange[],
  options: CallOptions,
): Promise<void> => {
  const { signal } = options;
  signal?.throwIfAborted();
  const queue = queueOf(server);
  const request: ChangeRequest = { changes, options, settle: Promise.withResolvers<void>() };
  const leave = () => request.settle.reject(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  queue.waiting.push(request);
  void queue.lock.run(() => applyNext(server, queue));
  try {
    await request.settle.promise;
  } finally {
    signal?.removeEventListener('abort', leave);
  }
};

/** Writes files without a reload, for a proxy that does not run or would not see them. All or none. */
export const writeProxyFiles = (
  server: CloudServer,
  changes: readonly ProxyChange[],
  options: CallOptions,
): Promise<void> =>
  queueOf(server).lock.run(async () => void (await writeFiles(server, changes, options)), options.signal);

/** Applies the requests that wait; none may, when an earlier group has taken them. Never rejects: each caller is told of its own request. */
const applyNext = async (server: CloudServer, queue: ChangeQueue): Promise<void> => {
  const group = queue.waiting.splice(0, groupMax).filter(({ options }) => options.signal?.aborted !== true);
  if (group.length === 0) return;
  const outcome = await attempt(server, group);
  if (outcome.refusal === null) return;
  if (group.length === 1) {
    for (const { settle, changes } of group) settle.reject(refused(outcome.refusal, changes));
    return;
  }
  for (const request of group) {
    if (request.options.signal?.aborted === true) continue;
    const { refusal } = await attempt(server, [request]);
    if (refusal !== null) request.settle.reject(refused(refusal, request.changes));
  }
};

/** Writes a group and reloads. Tells every caller the outcome, except for a refusal, after which all files are as they were. */
const attempt = async (
  server: CloudServer,
  group: readonly ChangeRequest[],
): Promise<{ refusal: ExecResult | null }> => {
  const options = optionsOf(group);
  const written: Written[] = [];
  try {
    const complete: ChangeRequest[] = [];
    for (const request of group) {
      try {
        written.push(...(await writeFiles(server, request.changes, options)));
        complete.push(request);
      } catch (error) {
        request.settle.reject(error);
      }
    }
    if (complete.length === 0) return { refusal: null };
    const loaded = await load(server, options);
    if (loaded.exitCode !== 0) {
      await putBack(server, written, options);
      return { refusal: loaded };
    }
    for (const { settle } of complete) settle.resolve();
  } catch (error) {
    // An aborted worker changes nothing more: the next one repeats it all.
    const failure =
      options.signal?.aborted === true
        ? error
        : await putBack(server, written, options).then(
            () => error,
            (worse: unknown) => worse,
          );
    for (const { settle } of group) settle.reject(failure);
  }
  return { refusal: null };
};

/** The group's signal: aborts only when all callers have aborted. */
const optionsOf = (group: readonly ChangeRequest[]): CallOptions => {
  const signals = group.map(({ options }) => options.signal);
  const [only] = signals;
  if (signals.length === 1) return only === undefined ? {} : { signal: only };
  const all = new AbortController();
  for (const signal of signals) {
    signal?.addEventListener('abort', () => {
      if (signals.every((other) => other?.aborted === true)) all.abort(signal.reason);
    });
  }
  return { signal: all.signal };
};

const refused = ({ stderr }: ExecResult, changes: readonly ProxyChange[]): Error => {
  const sentence = message`The proxy refused its new configuration: ${lastLinesOf(stderr)}`;
  return changes.some(({ file }) => stderr.includes(file.seenAs))
    ? final('proxy_refused', sentence)
    : transient('proxy_broken', sentence);
};

/** Reloads the proxy after a file was removed. No-op when it does not run, since it reads all files when it starts. */
export const reloadProxy = (server: CloudServer, options: CallOptions): Promise<void> =>
  queueOf(server).lock.run(async () => {
    const state = await server.docker.container(serverNames.proxy, options);
    if (state?.status !== 'running') return;
    const { exitCode, stderr } = await load(server, options);
    if (exitCode !== 0) {
      throw transient('proxy_broken', message`The proxy did not reload: ${lastLinesOf(stderr)}`);
    }
  }, options.signal);

/** `nginx -s reload` reads the whole configuration first and signals the master only when it finds no fault: that is the check. */
const load = async (server: CloudServer, options: CallOptions): Promise<ExecResult> => {
  try {
    return await server.docker.exec(serverNames.proxy, { argv: ['nginx', '-s', 'reload'] }, options);
  } finally {
    queueOf(server).reloadedAt = performance.now();
  }
};

/** Within this time of a reload nginx's old workers have stopped to accept connections, ms. */
const oldWorkersMs = 5000;

/** True while an answer of the proxy may still come from a worker that knows the configuration before the last reload. */
export const hasReloadedLately = (server: CloudServer): boolean =>
  performance.now() - queueOf(server).reloadedAt < oldWorkersMs;
