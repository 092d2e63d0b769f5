import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { isForClient, serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { containerGone } from '../../on-server/container-gone.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { nameOccupied, transient } from '../../on-server/failures.ts';
import { attachClientContainer } from '../../resources/network/client-network.ts';
import { finishReplacement } from '../replacement/take-over.ts';
import { awaitSteadyRun, containerInService } from '../steps/container-watch.ts';
import { awaitHealthy } from '../steps/healthy.ts';

type Config = Pick<ClientConfig, 'steadyMs' | 'healthMs' | 'network'>;

const deadlineMs = 120_000;

/** Stops the client's container such that no restart of the engine starts it again: nothing of the application may work on data that are left behind. */
export const stopStep = (config: Config): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs,
    async act(client, { signal }) {
      await stopForGood(client, signal);
      return `Container ${client.names.container} is stopped and stays so`;
    },
    async verify({ cloud, names }, { signal }) {
      const found = await cloud.docker.container(names.container, { signal });
      if (found?.status !== 'running') return;
      throw transient('container_runs', message`Container ${names.container} runs again`);
    },
    compensate: (client, { signal }) => startAgain(client, config, signal),
  });

/** Starts a container that was stopped by {@link stopStep}; stops it again if the operation fails. */
export const startAgainStep = (config: Config): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs,
    async act(client, { signal }) {
      await start(client, config, signal);
      return `Container ${client.names.container} started`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, config.steadyMs, signal),
    async compensate(client, { signal }) {
      await stopForGood(client, signal);
      return `Container ${client.names.container} is stopped`;
    },
  });

/** No restart of the engine starts it again. */
export const stopForGood = async (client: ClientOnServer, signal: AbortSignal): Promise<void> => {
  const { cloud, names } = client;
  await finishReplacement(client, client.containerOrigin.operationId, signal);
  await assertOwn(client, signal);
  await cloud.docker.setRestartPolicy(names.container, 'no', { signal });
  await cloud.docker.stopContainer(names.container, { signal });
};

const start = async (client: ClientOnServer, config: Config, signal: AbortSignal): Promise<void> => {
  const { cloud, names } = client;
  await assertOwn(client, signal);
  const found = await cloud.docker.inspectContainer(names.container, { signal });
  if (found === null) throw containerGone(client);
  if (found.status !== 'running') await attachClientContainer(client, found, config.network, { signal });
  await cloud.docker.setRestartPolicy(names.container, 'always', { signal });
  await cloud.docker.startContainer(names.container, { signal });
};

/** Who opens the client next shall find it answering; one that does not answer is none the worse for having been stopped. */
const startAgain = async (client: ClientOnServer, config: Config, signal: AbortSignal): Promise<string> => {
  await start(client, config, signal);
  try {
    await awaitHealthy(client, containerInService(client), config.healthMs, signal);
  } catch (error) {
    if (errorName(error) !== 'StepFailure') throw error;
    return `Container ${client.names.container} runs and does not answer yet`;
  }
  return `Container ${client.names.container} serves again`;
};

const assertOwn = async (onServer: ClientOnServer, signal: AbortSignal): Promise<void> => {
  const { cloud, names, client } = onServer;
  const found = await cloud.docker.container(names.container, { signal });
  if (found === null) throw containerGone(onServer);
  if (!isForClient(client.id, found.labels)) throw nameOccupied(message`Container ${names.container}`);
};
