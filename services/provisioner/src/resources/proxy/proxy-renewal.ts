import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { changeProxyFiles, proxyConfigurationFile, type ProxyChange } from './change-queue.ts';
import { proxyConfiguration } from '../../on-server/proxy-configuration.ts';

/**
 * Makes the proxy's own configuration what this version wants. Goes before each virtual host that is written, since that may use what an
 * older version's configuration has not.
 */
export const proxyRenewal: ProxyChange = {
  file: proxyConfigurationFile,
  textOf: (found) => (found === proxyConfiguration() ? null : proxyConfiguration()),
};

/** {@link proxyRenewal} by itself; no reload when there is nothing to do. */
export const renewProxy = async (server: CloudServer, options: CallOptions): Promise<void> => {
  if ((await server.files.read(proxyConfigurationFile.path, options)) === proxyConfiguration()) return;
  await changeProxyFiles(server, [proxyRenewal], options);
};
