import { AlfaError } from '@alfa-cloud/client';
import { isAway } from './faults.ts';

const retriesMax = 3;

/** Questions are asked again when nobody answered or Alfa Cloud was busy, never when they were refused. */
export const retryOf = {
  retry: (failures: number, error: unknown): boolean =>
    failures < retriesMax && error instanceof AlfaError && (isAway(error) || error.status === 503),
  retryDelay: (failures: number): number => Math.min(500 * 2 ** failures, 5000),
};
