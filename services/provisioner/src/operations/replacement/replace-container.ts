import type { Step } from '@alfa-cloud/operations';
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
  pages: PageDeps,
  settings: ReplaceSettings,
  replacement: Replacement,
): readonly Step<ClientOnServer>[] => [
  nextConfigStep(replacement, settings),
  nextStep(pages, replacement, settings),
  nextHealthyStep(replacement, settings),
  repointStep(pages, replacement, settings),
  nextReachableStep(replacement, settings),
  observeStep(replacement, settings),
  retireStep(pages, replacement, settings),
  renameStep(replacement, settings),
];
