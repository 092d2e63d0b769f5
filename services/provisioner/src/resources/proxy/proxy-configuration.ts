import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { proxyConfiguration } from '../../on-server/proxy-configuration.ts';
import { readFile } from '../directory/read-file.ts';
import { changeProxyFiles } from './change-queue.ts';
import { proxyConfigurationFile, type ProxyChange } from './proxy-file.ts';

/**
 * Makes the proxy's own configuration that of this version. Precedes every change of a virtual host, which may use what the configuration of an
 * older version does not define.
 */
export const configurationChange: ProxyChange = {
  file: proxyConfigurationFile,
  textOf: (found) => (found === proxyConfiguration() ? null : proxyConfiguration()),
};

/** True when the proxy's own configuration is that of this version. Whether the proxy has loaded it is another question. */
export const isConfigurationRight = async ({ files }: CloudServer, options: CallOptions): Promise<boolean> =>
  (await readFile(files, proxyConfigurationFile.path, options)) === proxyConfiguration();

/** {@link configurationChange} by itself, without a reload when there is nothing to do. */
export const ensureProxyConfiguration = async (server: CloudServer, options: CallOptions): Promise<void> => {
  if ((await server.files.read(proxyConfigurationFile.path, options)) === proxyConfiguration()) return;
  await changeProxyFiles(server, [configurationChange], options);
};
