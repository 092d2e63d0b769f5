import type { Answer } from '@alfa-cloud/client';
import type { OperationResource } from '../api/resources.ts';

const refreshMs = 2000;

/** When an operation is asked for again by itself: the feed tells nothing of a command before it was taken up, nor of the bytes that were carried. */
export const operationRefreshMs = (answer: Answer<OperationResource> | undefined): number | undefined => {
  const { status, transfer } = answer?.data ?? {};
  return status === 'accepted' || (transfer ?? null) !== null ? refreshMs : undefined;
};
