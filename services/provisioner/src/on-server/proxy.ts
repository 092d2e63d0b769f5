import type { CallOptions, CloudServer, ExecResult } from '@alfa-cloud/cloud-server';
import { Semaphore } from '@alfa-cloud/service-kit';
import { final, lastLinesOf, transient } from './failures.ts';
import { insideContainers, serverNames } from './names.ts';

/** One change of a server's proxy configuration at a time in this process: a check must not fail for another's half-made change. */
const turns = new WeakMap<CloudServer, Semaphore>();

const turnOf = (server: CloudServer): Semaphore => {
  const known = turns.get(server) ?? new Semaphore(1);
  turns.set(server, known);
  return known;
};

/**
 * Changes the proxy's configuration: does `change`, lets nginx check the whole, and has it reload.
 * When the check fails `undo` is done and the failure is final (`proxy_refused`) if it names the changed file, and transient otherwise.
 * @param file path of the changed file as the proxy's container sees it
 */
export const changeProxy = (
  server: CloudServer,
  file: string,
  { change, undo }: { change: () => Promise<void>; undo: () => Promise<void> },
  options: CallOptions,
): Promise<void> =>
  turnOf(server).run(async () => {
    await change();
    const check = await nginx(server, ['-t'], options);
    if (check.exitCode !== 0) {
      await undo();
      const words = `The proxy refused its new configuration: ${lastLinesOf(check.stderr)}`;
      throw check.stderr.includes(file) ? final('proxy_refused', words) : transient('proxy_broken', words);
    }
    await reload(server, options);
  }, options.signal);

/** Has the proxy take up that a file was removed. When it does not run there is nothing to do: it reads everything at its start. */
export const reloadProxy = (server: CloudServer, options: CallOptions): Promise<void> =>
  turnOf(server).run(async () => {
    const state = await server.docker.container(serverNames.proxy, options);
    if (state?.status === 'running') await reload(server, options);
  }, options.signal);

/** Path of a file below `clients/` as the proxy's container sees it. */
export const seenByProxy = (slug: string): string => `${insideContainers.clients}/${slug}/vhost.conf`;

const reload = async (server: CloudServer, options: CallOptions): Promise<void> => {
  const result = await nginx(server, ['-s', 'reload'], options);
  if (result.exitCode !== 0) {
    throw transient('proxy_broken', `The proxy did not reload: ${lastLinesOf(result.stderr)}`);
  }
};

const nginx = (server: CloudServer, words: readonly string[], options: CallOptions): Promise<ExecResult> =>
  server.docker.exec(serverNames.proxy, { argv: ['nginx', ...words] }, options);
