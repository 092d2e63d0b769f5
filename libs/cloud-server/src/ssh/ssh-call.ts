import { message, messageInWords, type Message } from '@alfa-cloud/contracts';
import { errorName, withDeadline } from '@alfa-cloud/service-kit';
import type { CallOptions } from '../call-options.ts';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

/** Bounds a call and puts what it throws into this package's words; an abort from outside keeps its own reason. `what` is a verb phrase. */
export const sshCall = async <T>(
  what: Message,
  { deadlineMs, signal }: CallOptions & { deadlineMs: number },
  act: (signal: AbortSignal) => Promise<T>,
  translate: (error: unknown) => CloudServerError,
): Promise<T> => {
  try {
    return await withDeadline(deadlineMs, messageInWords('en', what), act, signal);
  } catch (error) {
    if (isCloudServerError(error) || signal?.aborted === true) throw error;
    if (errorName(error) !== 'DeadlineExceeded') throw translate(error);
    throw new CloudServerError('transient', 'deadline_exceeded', message`Could not ${what} in time`, {
      cause: error,
    });
  }
};
