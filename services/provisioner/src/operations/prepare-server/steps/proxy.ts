import { type Step, withLastLines } from '@alfa-cloud/operations';
import { sleep } from '@alfa-cloud/service-kit';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { removeContainerOf } from '../../../resources/container/container.ts';
import { final, serverStep } from '../../../on-server/failures.ts';
import { lostMounts } from '../../../resources/container/lost-mounts.ts';
import { serverNames } from '../../../on-server/names.ts';
import { proxyConfigurationFile } from '../../../resources/proxy/change-queue.ts';
import {
  healthHost,
  proxyConfiguration,
  proxyDigest,
  proxyHeader,
} from '../../../on-server/proxy-configuration.ts';
import { makeDiskTrue } from '../../../resources/server/disk.ts';
import type { Preparation, PreparationSettings } from '../../../on-server/preparation.ts';
import type { ProxyFiles } from '../../../resources/proxy/proxy-files.ts';
import { makeServerContainerTrue } from '../../../resources/server/server-container.ts';
import { wantedProxy, type WantedContainer } from '../../../resources/server/wanted.ts';
import { ensureImage } from '../../../resources/image/pulled-image.ts';

const pollMs = 250;
const startMs = 20_000;

/** nginx before the clients of the server. */
export const proxyStep = (settings: PreparationSettings, proxyFiles: ProxyFiles): Step<Preparation> =>
  serverStep({
    name: 'proxy',
    deadlineMs: settings.pullMs + 120_000,
    async act(preparation, io) {
      const { cloud, origin } = preparation;
      const { signal } = io;
      await ensureImage(cloud, settings.proxyImage, settings.pullMs, io);
      await makeDiskTrue(preparation, signal);
      const wanted = wantedProxy(preparation, settings);
      // Checked by the one that runs, before it is replaced by one that would not start.
      if (await seesItsFiles(preparation, wanted, signal)) await proxyFiles.load(preparation, signal);
      else await proxyFiles.write(preparation, signal);
      return makeServerContainerTrue(cloud, wanted, origin, { signal });
    },
    verify: (preparation, { signal }) => answersForUnknownHosts(preparation, signal),
    async compensate({ cloud, origin }, { signal }) {
      const words = await removeContainerOf(cloud, serverNames.proxy, origin, { signal });
      await cloud.files.removeFile(proxyConfigurationFile.path, { signal });
      return words;
    },
  });

const seesItsFiles = async (
  { cloud }: Preparation,
  { name, directories }: WantedContainer,
  signal: AbortSignal,
): Promise<boolean> => {
  const found = await cloud.docker.container(name, { signal });
  return found?.status === 'running' && (await lostMounts(cloud, name, directories, { signal })).length === 0;
};

const answersForUnknownHosts = async ({ cloud, server }: Preparation, signal: AbortSignal): Promise<void> => {
  const end = performance.now() + startMs;
  const wanted = proxyDigest(proxyConfiguration());
  for (;;) {
    try {
      const { headers } = await cloud.get(
        { port: server.proxy.httpPort, host: healthHost, path: '/' },
        { signal },
      );
      if (headers[proxyHeader] === wanted) return;
    } catch (error) {
      if (!isCloudServerError(error) || error.kind === 'final') throw error;
    }
    if (performance.now() >= end) {
      const output = await cloud.docker.lastLines(serverNames.proxy, 20, { signal });
      const sentence = `The proxy did not answer on port ${server.proxy.httpPort} within ${startMs / 1000} s`;
      throw final('proxy_not_ready', withLastLines(sentence, 'its container', output));
    }
    await sleep(pollMs, signal);
  }
};
