import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { message, reject, wordsOf, type CleanupImage, type CleanupPlanView } from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { errorName } from '@alfa-cloud/service-kit';
import { openServer } from '../servers/registered.ts';
import { refuseUnlessStanding, type CleanupDeps } from './clean-up-server.ts';
import { lookAt, type FoundImage } from './found.ts';
import { needsOf } from './needs.ts';
import { planCleanup, type CleanupPlan } from './plan.ts';

const planMs = 60_000;
const keptMax = 500;

/** What a clean-up would do, found out by looking at the server now. */
export const cleanupQueries = (deps: CleanupDeps): Pick<QueryHandlers, 'PlanCleanup'> => ({
  async PlanCleanup({ serverId }, { minPosition }) {
    await refuseUnlessStanding(deps.store, serverId);
    const signal = AbortSignal.timeout(planMs);
    const { keep } = deps.config;
    try {
      const needs = await needsOf(deps, { but: null, from: minPosition, signal });
      const { cloud } = await openServer(deps, serverId);
      const plan = planCleanup(await lookAt(cloud, signal), needs, { serverId, keep });
      return { result: shown(plan, serverId, keep) };
    } catch (error) {
      if (isCloudServerError(error)) {
        const words = message`The server could not be asked for its images: ${wordsOf(error)}`;
        throw reject('server_unreachable', words);
      }
      if (errorName(error) === 'StepFailure') throw reject('unavailable', wordsOf(error));
      throw error;
    }
  },
});

const shown = (
  { remove, leftovers, kept }: CleanupPlan,
  serverId: string,
  keep: number,
): CleanupPlanView => ({
  serverId,
  keep,
  remove: remove.map(({ image, reason, freesBytes }) => ({ ...shownImage(image), ...reason, freesBytes })),
  leftovers: [...leftovers],
  freesBytes: remove.reduce((sum, { freesBytes }) => sum + freesBytes, 0),
  kept: kept
    .toSorted((a, b) => b.image.sizeBytes - a.image.sizeBytes)
    .slice(0, keptMax)
    .map(({ image, reasons }) => ({ ...shownImage(image), reasons: [...reasons] })),
  keptTotal: kept.length,
});

const shownImage = ({ id, references, sizeBytes, createdAt }: FoundImage): CleanupImage => ({
  id,
  references,
  sizeBytes,
  createdAt: createdAt.toISOString(),
});
