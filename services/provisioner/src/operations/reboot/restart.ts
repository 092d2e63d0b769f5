import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { isForClient, serverStep } from '@alfa-cloud/servers';
import { final } from '../../on-server/failures.ts';
import { containerGone } from '../../on-server/container-gone.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { finishReplacement } from '../replacement/take-over.ts';
import { attachClientContainer } from '../../resources/network/client-network.ts';
import { awaitSteadyRun } from '../steps/container-watch.ts';

/** Stops the client's container, which may end by itself first, and starts it again, attached to its network. */
export const restartStep = ({
  steadyMs,
  network,
}: Pick<ClientConfig, 'steadyMs' | 'network'>): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: 120_000,
    async act(rebooted, { signal }) {
      const { cloud, names, client, containerOrigin } = rebooted;
      await finishReplacement(rebooted, containerOrigin.operationId, signal);
      const found = await cloud.docker.inspectContainer(names.container, { signal });
      if (found === null) throw containerGone(rebooted);
      if (!isForClient(client.id, found.labels)) {
        throw final(
          'name_occupied',
          message`Container ${names.container} is not this client's; it is left alone`,
        );
      }
      await cloud.docker.stopContainer(names.container, { signal });
      // Of a move that could not be taken back as a whole it may be without its policy, and would stay stopped after a reboot of the server.
      await cloud.docker.setRestartPolicy(names.container, 'always', { signal });
      const attachedTo = await attachClientContainer(rebooted, found, network, { signal });
      await cloud.docker.startContainer(names.container, { signal });
      const mended = attachedTo === null ? '' : ` and attached to network ${attachedTo} again`;
      return `Container ${names.container} restarted${mended}`;
    },
    verify: (client, { signal }) => awaitSteadyRun(client, steadyMs, signal),
    // A restart that is cut off in its middle would leave the client stopped.
    async compensate({ cloud, names, client }, { signal }) {
      const found = await cloud.docker.container(names.container, { signal });
      if (found === null || !isForClient(client.id, found.labels))
        return 'There is no container of this client';
      await cloud.docker.startContainer(names.container, { signal });
      return `Container ${names.container} runs`;
    },
  });
