import { errorName } from '@alfa-cloud/service-kit';

/**
 * Whether a vault has said that what was sealed can't be read any more, so that trying again is no use. A broken seal as well: something new
 * may have been sealed for the scope since its key was lost.
 */
export const isKeyLost = (error: unknown): boolean =>
  ['KeyDestroyed', 'SealBroken'].includes(errorName(error) ?? '');
