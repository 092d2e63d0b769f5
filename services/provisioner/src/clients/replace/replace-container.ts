import { isCloudServerError, type ContainerState } from '@alfa-cloud/cloud-server';
import type { Step } from '@alfa-cloud/event-sourcing';
import { retry } from '@alfa-cloud/service-kit';
import { isMadeBy } from '../../on-server/labels.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { PageDeps } from '../page.ts';
import { nextConfigStep, nextHealthyStep, nextStep } from './make-next.ts';
import { nextReachableStep, observeStep, repointStep } from './repoint.ts';
import { originOf, type Replacement, type ReplaceSettings } from './replacement.ts';
import { renameStep, retireStep } from './take-over.ts';

/**
 * Replaces a client's container without a gap: the new one is made beside the old one, must be healthy, gets the visitors, is observed, and
 * only then the old one goes. A failure before that leads the visitors back to the old one, which has been running all the time.
 */
export const replaceSteps = (
  pages: PageDeps,
  settings: ReplaceSettings,
  replacement: Replacement,
): readonly Step<ClientOnServer>[] => [
  nextConfigStep(replacement, settings),
  nextStep(replacement, settings),
  nextHealthyStep(replacement, settings),
  repointStep(pages, replacement, settings),
  nextReachableStep(replacement, settings),
  observeStep(replacement, settings),
  retireStep(replacement, settings),
  renameStep(replacement, settings),
];

/** How long the engine may be away while the finished container is looked at, ms. */
const lastLookMs = 60_000;

/** The container in service when the operation has made it; null when it was not replaced. */
export const replacedContainer = async (
  client: ClientOnServer,
  operationId: string,
): Promise<ContainerState | null> => {
  const { cloud, names } = client;
  const found = await retry(() => cloud.docker.container(names.container), {
    deadlineMs: lastLookMs,
    maxDelayMs: 2000,
    isRetryable: (error) => isCloudServerError(error) && error.kind === 'transient',
  });
  if (found === null) throw new Error(`Container ${names.container} has vanished`);
  return isMadeBy(originOf(client, { operationId }), found.labels) ? found : null;
};
