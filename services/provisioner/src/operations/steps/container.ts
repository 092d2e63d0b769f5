import type { Step } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import { clientContainer, type PlanSettings } from '../../resources/container/client-container.ts';
import { awaitSteadyRun } from './container-watch.ts';
import { resourceStep } from './resource-step.ts';

/** The client's first container, made and started, and seen to stay up. */
export const containerStep = (
  settings: PlanSettings & Pick<ClientSettings, 'steadyMs'>,
): Step<ClientOnServer> =>
  resourceStep({
    name: 'container',
    resource: (client) => clientContainer(client, settings),
    verify: (client, { signal }) => awaitSteadyRun(client, settings.steadyMs, signal),
  });
