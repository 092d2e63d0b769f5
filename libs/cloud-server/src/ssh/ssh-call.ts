import { errorName, withDeadline } from '@alfa-cloud/service-kit';
import type { CallOptions } from '../call-options.ts';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

/** Bounds a call and puts what it throws into this package's words; an abort from outside keeps its own reason. `what` is a verb phrase. */
export const sshCall = async <T>(
  what: string,
  { deadlineMs, signal }: CallOptions & { deadlineMs: number },
  act: (signal: AbortSignal) => Promise<T>,
  translate: (error: unknown) => CloudServerError,
): Promise<T> => {
  try {
    return await withDeadline(deadlineMs, what, act, signal);
  } catch (error) {
    if (isCloudServerError(error) || signal?.aborted === true) throw error;
    if (errorName(error) !== 'DeadlineExceeded') throw translate(error);
    throw new CloudServerError('transient', 'deadline_exceeded', `Could not ${what} in time`, {
      cause: error,
    });
  }
};
