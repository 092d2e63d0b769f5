import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { insideContainers, serverPaths } from '../../on-server/names.ts';

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

/**
 * The text that a file shall have, given its text now (null: there is none). Null: as it is. Nothing else in this process changes the file
 * meanwhile.
 */
export type TextOf = (found: string | null) => string | null | Promise<string | null>;

export interface ProxyChange {
  file: ProxyFile;
  textOf: TextOf;
}

/** A file that was written, and its text before; null: there was none. */
export interface Written {
  path: string;
  before: string | null;
}

/** Writes the files whose text changes, all or none. @returns those that were written */
export const writeFiles = async (
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

/** Newest first, so that a file that was written twice ends as it was before the first writing. */
export const putBack = async (
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
