import { message } from '@alfa-cloud/contracts';
import { isCloudServerError, type CallOptions } from '@alfa-cloud/cloud-server';
import { withLastLines, type StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';
import { final } from '../../../on-server/failures.ts';
import { serverNames } from '../../../on-server/names.ts';
import type { Preparation, PreparationConfig } from '../../../on-server/preparation.ts';
import {
  healthHost,
  proxyConfiguration,
  proxyDigest,
  proxyHeader,
} from '../../../on-server/proxy-configuration.ts';
import { ensureImage } from '../../../resources/image/pulled-image.ts';
import { proxyConfigurationFile } from '../../../resources/proxy/proxy-file.ts';
import { proxyContainer } from '../../../resources/server/proxy-container.ts';
import type { ProxyFiles } from '../../../resources/server/proxy-files.ts';
import type { ServerContainer } from '../../../resources/server/server-container.ts';
import { serverFiles } from '../../../resources/server/server-files.ts';

const pollMs = 250;
const startMs = 20_000;

/** nginx before the clients of the server. */
export const proxyStep = (config: PreparationConfig, proxyFiles: ProxyFiles): StepWork<Preparation> =>
  serverStep({
    deadlineMs: config.pullMs + 120_000,
    async act(preparation, io) {
      const { cloud } = preparation;
      const { signal } = io;
      await ensureImage(cloud, config.proxyImage, config.pullMs, io);
      await serverFiles(preparation).ensure({ signal });
      const proxy = proxyContainer(preparation, config);
      // The proxy that runs checks them, before it is replaced by one that would not start with them.
      if (await seesItsFiles(preparation, proxy, { signal })) await proxyFiles.load(preparation, signal);
      else await proxyFiles.write(preparation, signal);
      return proxy.ensure({ signal });
    },
    verify: (preparation, { signal }) => awaitConfiguration(preparation, signal),
    async compensate(preparation, { signal }) {
      const said = await proxyContainer(preparation, config).remove({ signal });
      await preparation.cloud.files.removeFile(proxyConfigurationFile.path, { signal });
      return said;
    },
  });

const seesItsFiles = async (
  { cloud }: Preparation,
  proxy: ServerContainer,
  options: CallOptions,
): Promise<boolean> => {
  const found = await cloud.docker.container(proxy.name, options);
  return found?.status === 'running' && (await proxy.lostMounts(options)).length === 0;
};

/** Waits until the proxy answers by the configuration of this version. */
const awaitConfiguration = async ({ cloud, server }: Preparation, signal: AbortSignal): Promise<void> => {
  const end = performance.now() + startMs;
  const digest = proxyDigest(proxyConfiguration());
  for (;;) {
    try {
      const request = { port: server.proxy.httpPort, host: healthHost, path: '/' };
      const { headers } = await cloud.get(request, { signal });
      if (headers[proxyHeader] === digest) return;
    } catch (error) {
      if (!isCloudServerError(error) || error.kind === 'final') throw error;
    }
    if (performance.now() >= end) {
      const output = await cloud.docker.lastLines(serverNames.proxy, 20, { signal });
      const sentence = message`The proxy did not answer on port ${server.proxy.httpPort} within ${startMs / 1000} s`;
      throw final('proxy_not_ready', withLastLines(sentence, message`its container`, output));
    }
    await sleep(pollMs, signal);
  }
};
