import type { CallOptions, CloudServer, ExecResult } from '@alfa-cloud/cloud-server';
import { Semaphore } from '@alfa-cloud/service-kit';
import { final, transient } from '../../on-server/failures.ts';
import { lastLinesOf } from '@alfa-cloud/operations';
import { insideContainers, serverNames, serverPaths } from '../../on-server/names.ts';

/** A file of the proxy's configuration: relative to the server's root directory, and as the proxy's container sees it. */
export interface ProxyFile {
  path: string;
  seenAs: string;
}

/** The proxy's own configuration. */
export const proxyConfigurationFile: ProxyFile = {
  path: `${serverPaths.proxyConfiguration}/alfa.conf`,
  seenAs: `${insideContainers.proxyConfiguration}/alfa.conf`,
};

/** The virtual host of a client. */
export const vhostFileOf = (slug: string, path: string): ProxyFile => ({
  path,
  seenAs: `${insideContainers.clients}/${slug}/vhost.conf`,
});

/** What a file shall say, given what it says now (null: there is none); nobody else of this process changes it meanwhile. Null: as it is. */
export type TextOf = (found: string | null) => string | null | Promise<string | null>;

export interface ProxyChange {
  file: ProxyFile;
  textOf: TextOf;
}

/** Changes that somebody waits for. */
interface Waiting {
  changes: readonly ProxyChange[];
  options: CallOptions;
  settle: PromiseWithResolvers<void>;
}

/** The changes of one server's proxy in this process: one group at a time, since a check must not fail for another's half-made change. */
interface Desk {
  waiting: Waiting[];
  turn: Semaphore;
}

const desks = new WeakMap<CloudServer, Desk>();

const deskOf = (server: CloudServer): Desk => {
  const known = desks.get(server) ?? { waiting: [], turn: new Semaphore(1) };
  desks.set(server, known);
  return known;
};

/** Changes in one group. More wait for the next one, so that a reload does not take for ever. */
const groupMax = 256;

/**
 * Changes a file of the proxy's configuration: writes it and has nginx reload, which checks the whole first. When nginx refuses or does not
 * reload the file is put back as it was. A refusal is final (`proxy_refused`) if it names the file, and transient otherwise.
 */
export const changeProxy = (
  server: CloudServer,
  file: ProxyFile,
  textOf: TextOf,
  options: CallOptions,
): Promise<void> => changeProxyFiles(server, [{ file, textOf }], options);

/**
 * Changes several files, all or none, with one reload, which nginx refuses as a whole when it finds a fault. Those who ask while another change is being made wait and are then
 * served together; when nginx refuses such a group each is tried alone, so that only who is guilty fails.
 */
export const changeProxyFiles = async (
  server: CloudServer,
  changes: readonly ProxyChange[],
  options: CallOptions,
): Promise<void> => {
  const { signal } = options;
  signal?.throwIfAborted();
  const desk = deskOf(server);
  const mine: Waiting = { changes, options, settle: Promise.withResolvers<void>() };
  const leave = () => mine.settle.reject(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  desk.waiting.push(mine);
  void desk.turn.run(() => serveNext(server, desk));
  try {
    await mine.settle.promise;
  } finally {
    signal?.removeEventListener('abort', leave);
  }
};

/** Writes files without having them loaded, for a proxy that does not run or would not see them. All or none. */
export const writeProxyFiles = (
  server: CloudServer,
  changes: readonly ProxyChange[],
  options: CallOptions,
): Promise<void> =>
  deskOf(server).turn.run(async () => void (await write(server, changes, options)), options.signal);

/** Serves those who wait, if an earlier turn has not done so. Does not throw: everybody hears of his own change. */
const serveNext = async (server: CloudServer, desk: Desk): Promise<void> => {
  const group = desk.waiting.splice(0, groupMax).filter(({ options }) => options.signal?.aborted !== true);
  if (group.length === 0) return;
  const outcome = await attempt(server, group);
  if (outcome.refusal === null) return;
  if (group.length === 1) {
    for (const { settle, changes } of group) settle.reject(refused(outcome.refusal, changes));
    return;
  }
  for (const waiting of group) {
    if (waiting.options.signal?.aborted === true) continue;
    const { refusal } = await attempt(server, [waiting]);
    if (refusal !== null) waiting.settle.reject(refused(refusal, waiting.changes));
  }
};

interface Written {
  path: string;
  before: string | null;
}

/** Writes a group and has it loaded. Everybody in it hears the outcome but of a refusal, after which all is as it was. */
const attempt = async (
  server: CloudServer,
  group: readonly Waiting[],
): Promise<{ refusal: ExecResult | null }> => {
  const options = optionsOf(group);
  const written: Written[] = [];
  try {
    const standing: Waiting[] = [];
    for (const waiting of group) {
      try {
        written.push(...(await write(server, waiting.changes, options)));
        standing.push(waiting);
      } catch (error) {
        waiting.settle.reject(error);
      }
    }
    if (standing.length === 0) return { refusal: null };
    const loaded = await load(server, options);
    if (loaded.exitCode !== 0) {
      await putBack(server, written, options);
      return { refusal: loaded };
    }
    for (const { settle } of standing) settle.resolve();
  } catch (error) {
    // Who was told to stop touches nothing more: the next worker does it all again.
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

/** What all of the group would have: nobody's going away cuts off the others. */
const optionsOf = (group: readonly Waiting[]): CallOptions => {
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

const write = async (
  server: CloudServer,
  changes: readonly ProxyChange[],
  options: CallOptions,
): Promise<Written[]> => {
  const written: Written[] = [];
  try {
    for (const { file, textOf } of changes) {
      const before = await server.files.read(file.path, options);
      const text = await textOf(before);
      if (text === null) continue;
      await server.files.writeAtomic(file.path, text, { ...options, mode: 0o644 });
      written.push({ path: file.path, before });
    }
  } catch (error) {
    if (options.signal?.aborted !== true) await putBack(server, written, options);
    throw error;
  }
  return written;
};

/** Newest first: a file that was written twice ends as it was before the first. */
const putBack = async (
  server: CloudServer,
  written: readonly Written[],
  options: CallOptions,
): Promise<void> => {
  for (const { path, before } of written.toReversed()) {
    await (before === null
      ? server.files.removeFile(path, options)
      : server.files.writeAtomic(path, before, { ...options, mode: 0o644 }));
  }
};

const refused = ({ stderr }: ExecResult, changes: readonly ProxyChange[]): Error => {
  const sentence = `The proxy refused its new configuration: ${lastLinesOf(stderr)}`;
  return changes.some(({ file }) => stderr.includes(file.seenAs))
    ? final('proxy_refused', sentence)
    : transient('proxy_broken', sentence);
};

/** Has the proxy take up that a file was removed. When it does not run there is nothing to do: it reads everything at its start. */
export const reloadProxy = (server: CloudServer, options: CallOptions): Promise<void> =>
  deskOf(server).turn.run(async () => {
    const state = await server.docker.container(serverNames.proxy, options);
    if (state?.status !== 'running') return;
    const { exitCode, stderr } = await load(server, options);
    if (exitCode !== 0) {
      throw transient('proxy_broken', `The proxy did not reload: ${lastLinesOf(stderr)}`);
    }
  }, options.signal);

/** nginx reads the whole configuration before it tells its master of a reload, and tells it nothing when it finds a fault: that is the check. */
const load = (server: CloudServer, options: CallOptions): Promise<ExecResult> =>
  server.docker.exec(serverNames.proxy, { argv: ['nginx', '-s', 'reload'] }, options);
