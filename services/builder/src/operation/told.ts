import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { StepIo } from '@alfa-cloud/operations';
import { errorMessage } from '@alfa-cloud/service-kit';

/** Null when it could not be done, which is told. */
export const told = async <T>(
  { signal, output }: Pick<StepIo, 'signal' | 'output'>,
  what: string,
  act: () => Promise<T>,
): Promise<T | null> => {
  try {
    return await act();
  } catch (error) {
    signal.throwIfAborted();
    output(`${what}: ${isCloudServerError(error) ? error.message : errorMessage(error)}\n`);
    return null;
  }
};
