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

/** A file of the proxy's configuration: relative to the server's root directory, and as the proxy's container sees it. */
export interface ProxyFile {
  path: string;
  seenAs: string;
}

/** The virtual host of a client. */
export const vhostFileOf = (slug: string, path: string): ProxyFile => ({
  path,
  seenAs: `${insideContainers.clients}/${slug}/vhost.conf`,
});

/**
 * Changes a file of the proxy's configuration: writes it, lets nginx check the whole, and has it reload. When nginx refuses or does not
 * reload the file is put back as it was. A refusal is final (`proxy_refused`) if it names the file, and transient otherwise.
 * @param textOf what the file shall say, given what it says now (null: there is none); nobody else of this process changes it meanwhile
 */
export const changeProxy = (
  server: CloudServer,
  { path, seenAs }: ProxyFile,
  textOf: (found: string | null) => string | Promise<string>,
  options: CallOptions,
): Promise<void> =>
  turnOf(server).run(async () => {
    const found = await server.files.read(path, options);
    const write = (text: string) => server.files.writeAtomic(path, text, { ...options, mode: 0o644 });
    await write(await textOf(found));
    try {
      const check = await nginx(server, ['-t'], options);
      if (check.exitCode !== 0) throw refused(check, seenAs);
      await reload(server, options);
    } catch (error) {
      // Who was told to stop touches nothing more: the next worker does it all again.
      if (options.signal?.aborted !== true) {
        await (found === null ? server.files.removeFile(path, options) : write(found));
      }
      throw error;
    }
  }, options.signal);

const refused = ({ stderr }: ExecResult, file: string): Error => {
  const sentence = `The proxy refused its new configuration: ${lastLinesOf(stderr)}`;
  return stderr.includes(file) ? final('proxy_refused', sentence) : transient('proxy_broken', sentence);
};

/** Has the proxy take up that a file was removed. When it does not run there is nothing to do: it reads everything at its start. */
export const reloadProxy = (server: CloudServer, options: CallOptions): Promise<void> =>
  turnOf(server).run(async () => {
    const state = await server.docker.container(serverNames.proxy, options);
    if (state?.status === 'running') await reload(server, options);
  }, options.signal);

const reload = async (server: CloudServer, options: CallOptions): Promise<void> => {
  const result = await nginx(server, ['-s', 'reload'], options);
  if (result.exitCode !== 0) {
    throw transient('proxy_broken', `The proxy did not reload: ${lastLinesOf(result.stderr)}`);
  }
};

const nginx = (server: CloudServer, words: readonly string[], options: CallOptions): Promise<ExecResult> =>
  server.docker.exec(serverNames.proxy, { argv: ['nginx', ...words] }, options);
