import type { deployClient } from '@alfa-cloud/contracts';
import type { StepsOf } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { nextConfigStep, nextHealthyStep, nextStep } from './make-next.ts';
import { nextReachableStep, observeStep, repointStep } from './repoint.ts';
import type { Replacement, ReplacementConfig } from './replacement.ts';
import { renameStep, retireStep } from './take-over.ts';

/**
 * Replaces a client's container without a gap: the new one is made beside the old one, must be healthy, gets the visitors, is observed, and
 * only then the old one goes. A failure before that leads the visitors back to the old one, which has been running all the time. Just before the
 * old one goes the new one is recorded as the one that serves: whatever happens from then on, the record and what visitors get agree.
 */
export const replaceSteps = (
  deps: PageDeps & { config: ReplacementConfig },
  replacement: Replacement,
): StepsOf<typeof deployClient, ClientOnServer> => {
  const { config } = deps;
  return {
    config: nextConfigStep(replacement, config),
    next: nextStep(deps, replacement, config),
    healthy: nextHealthyStep(replacement, config),
    vhost: repointStep(deps, replacement, config),
    reachable: nextReachableStep(replacement, config),
    observe: observeStep(replacement, config),
    retire: retireStep(deps, replacement, config),
    rename: renameStep(replacement, config),
  };
};
