import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { imageInWords, isForClient, isMadeBy, serverStep } from '@alfa-cloud/servers';
import { environmentText } from '../../on-server/client-environment.ts';
import { ensureClientNetwork } from '../../resources/network/client-network.ts';
import { container } from '../../resources/container/container.ts';
import { final } from '../../on-server/failures.ts';
import { isOfClient } from '../../resources/directory/owned-directory.ts';
import { ensureProxyConfiguration } from '../../resources/proxy/proxy-configuration.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { inspectVirtualHost, reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { awaitSteadyRun } from '../steps/container-watch.ts';
import { planOfClient } from '../../resources/container/client-container.ts';
import { awaitHealthy, healthSlackMs } from '../steps/healthy.ts';
import { staysWithNew, untilLoaded } from './repoint.ts';
import {
  containerOf,
  isRecorded,
  nextContainerStep,
  originOf,
  orRolledBack,
  type Replacement,
  type ReplacementConfig,
} from './replacement.ts';
import { finishReplacement } from './take-over.ts';

/** The client's network, with proxy and database in it, and the variables of the container to come, in a file beside that of the one in service, which stays true until it is retired. */
export const nextConfigStep = (
  replacement: Replacement,
  config: ReplacementConfig,
): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: 120_000,
    async act(client, { signal }) {
      const { cloud, names, environment } = client;
      if (!(await isOfClient(cloud, names.ownerFile, client.client.id, { signal }))) {
        throw final(
          'client_files_missing',
          message`Directory ${names.directory} is not there or is not this client's`,
        );
      }
      // A server that an older version has prepared does not know yet how to pass on the health of a container.
      await ensureProxyConfiguration(cloud, { signal });
      await finishReplacement(client, client.containerOrigin.operationId, signal);
      const maker = { ...originOf(client, replacement), clientId: client.client.id };
      await ensureClientNetwork(cloud, names, maker, config.network, { signal });
      const isNext = (await containerOf(client, replacement, config, signal))?.name === names.nextContainer;
      const file = isNext ? names.nextEnvironmentFile : names.environmentFile;
      await cloud.files.writeAtomic(file, environmentText(environment), { signal, mode: 0o600 });
      return `File ${file} written`;
    },
    async compensate({ cloud, names }, { signal }) {
      await cloud.files.removeFile(names.nextEnvironmentFile, { signal });
    },
  });

/** The new container beside the one in service, started, and seen to stay up. */
export const nextStep = (
  pages: PageDeps,
  replacement: Replacement,
  config: ReplacementConfig,
): StepWork<ClientOnServer> =>
  nextContainerStep(replacement, config, {
    deadlineMs: 120_000 + config.reachableMs,
    async act(client, next, { signal }) {
      const { cloud, names } = client;
      if (next.name === names.container) return `Container ${names.container} is in service already`;
      const origin = originOf(client, replacement);
      const image = replacement.imageOf(client);
      const { plan } = await planOfClient(client, { image, config, origin }, { signal });
      const found = await cloud.docker.container(next.name, { signal });
      // What an earlier operation could not take back.
      if (found !== null && !isMadeBy(origin, found.labels) && isForClient(client.client.id, found.labels)) {
        await leadToRecorded(pages, client, config, signal);
        await cloud.docker.removeContainer(next.name, { signal });
      }
      await orRolledBack(() => container(cloud, next.name, origin).ensure(plan, { signal }));
      return `Container ${next.name} started from ${imageInWords(image.reference, plan.image)}`;
    },
    async verify(client, { signal }) {
      const next = await containerOf(client, replacement, config, signal);
      if (next !== null) await orRolledBack(() => awaitSteadyRun(client, config.steadyMs, signal, next));
    },
    async compensate(client, { signal }) {
      const { cloud, names } = client;
      if (await isRecorded(pages.store, client, replacement)) return staysWithNew(client);
      if ((await inspectVirtualHost(client, { signal }))?.upstream === replacement.operationId) {
        throw final(
          'no_way_back',
          message`Visitors are led to container ${names.nextContainer}: it is left running`,
        );
      }
      return container(cloud, names.nextContainer, originOf(client, replacement)).remove({ signal });
    },
  });

/** An operation that could not lead visitors back has left them with the container that is to be removed. */
const leadToRecorded = async (
  pages: PageDeps,
  client: ClientOnServer,
  { reachableMs }: ReplacementConfig,
  signal: AbortSignal,
): Promise<void> => {
  const vhost = await inspectVirtualHost(client, { signal });
  if (vhost?.upstream === client.containerOrigin.operationId) return;
  await reconcileVirtualHost(pages, client, { signal });
  await untilLoaded(client, reachableMs, signal);
};

/** Waits until the application in the new container is healthy, asked over the way that real requests will take. */
export const nextHealthyStep = (
  replacement: Replacement,
  config: ReplacementConfig,
): StepWork<ClientOnServer> =>
  nextContainerStep(replacement, config, {
    cancellable: true,
    deadlineMs: config.healthMs + healthSlackMs,
    async act(client, next, { signal }) {
      await orRolledBack(() => awaitHealthy(client, next, config.healthMs, signal));
      return `The application in container ${next.name} is healthy`;
    },
  });
