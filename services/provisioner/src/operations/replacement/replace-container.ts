import type { deployClient } from '@alfa-cloud/contracts';
import type { StepsOf } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { nextConfigStep, nextHealthyStep, nextStep } from './make-next.ts';
import { nextReachableStep, observeStep, repointStep } from './repoint.ts';
import type { Replacement, ReplaceSettings } from './replacement.ts';
import { renameStep, retireStep } from './take-over.ts';

/**
 * Replaces a client's container without a gap: the new one is made beside the old one, must be healthy, gets the visitors, is observed, and
 * only then the old one goes. A failure before that leads the visitors back to the old one, which has been running all the time. Just before the
 * old one goes the new one is recorded as the one that serves: whatever happens from then on, the record and what visitors get agree.
 */
export const replaceSteps = (
  deps: PageDeps & { settings: ReplaceSettings },
  replacement: Replacement,
): StepsOf<typeof deployClient, ClientOnServer> => {
  const { settings } = deps;
  return {
    config: nextConfigStep(replacement, settings),
    next: nextStep(deps, replacement, settings),
    healthy: nextHealthyStep(replacement, settings),
    vhost: repointStep(deps, replacement, settings),
    reachable: nextReachableStep(replacement, settings),
    observe: observeStep(replacement, settings),
    retire: retireStep(deps, replacement, settings),
    rename: renameStep(replacement, settings),
  };
};
