import type { Step } from '@alfa-cloud/event-sourcing';
import { sleep } from '@alfa-cloud/service-kit';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { clientNetworksOn } from '../../on-server/client-network.ts';
import { ensureContainer, removeContainerOf } from '../../on-server/ensure-container.ts';
import { final, serverStep, withLastLines } from '../../on-server/failures.ts';
import { serverNames, serverPaths } from '../../on-server/names.ts';
import { proxyPlan } from '../../on-server/plans.ts';
import { changeProxy, proxyConfigurationFile } from '../../on-server/proxy.ts';
import { healthHost, proxyConfiguration } from '../../on-server/proxy-configuration.ts';
import type { Preparation, PreparationSettings } from '../preparation.ts';
import { ensureImage } from './image.ts';

const pollMs = 250;
const startMs = 20_000;

/** nginx before the clients of the server. */
export const proxyStep = (settings: PreparationSettings): Step<Preparation> =>
  serverStep({
    name: 'proxy',
    deadlineMs: settings.pullMs + 120_000,
    async act({ cloud, server, origin }, io) {
      const { signal } = io;
      await ensureImage(cloud, settings.proxyImage, settings.pullMs, io);
      await cloud.files.createDirectory(serverPaths.clients, { signal, mode: 0o755 });
      await cloud.files.createDirectory(serverPaths.proxyConfiguration, { signal, mode: 0o755 });
      await cloud.files.writeAtomic(proxyConfigurationFile.path, proxyConfiguration(), {
        signal,
        mode: 0o644,
      });
      const plan = proxyPlan({
        image: settings.proxyImage,
        httpPort: server.proxy.httpPort,
        configurationDirectory: cloud.files.absolute(serverPaths.proxyConfiguration),
        clientsDirectory: cloud.files.absolute(serverPaths.clients),
        origin,
      });
      const furtherNetworks = await clientNetworksOn(cloud, { signal });
      await ensureContainer(cloud, serverNames.proxy, { ...plan, furtherNetworks }, origin, { signal });
      // A container that an earlier attempt has left running may still use an older configuration.
      await changeProxy(cloud, proxyConfigurationFile, proxyConfiguration, { signal });
      return `Container ${serverNames.proxy} started from ${settings.proxyImage} on port ${server.proxy.httpPort}`;
    },
    verify: (preparation, { signal }) => answersForUnknownHosts(preparation, signal),
    async compensate({ cloud, origin }, { signal }) {
      const words = await removeContainerOf(cloud, serverNames.proxy, origin, { signal });
      await cloud.files.removeFile(proxyConfigurationFile.path, { signal });
      return words;
    },
  });

const answersForUnknownHosts = async ({ cloud, server }: Preparation, signal: AbortSignal): Promise<void> => {
  const end = performance.now() + startMs;
  for (;;) {
    try {
      const { status } = await cloud.get(
        { port: server.proxy.httpPort, host: healthHost, path: '/' },
        { signal },
      );
      if (status === 404) return;
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
