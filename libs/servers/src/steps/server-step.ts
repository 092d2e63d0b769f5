import { wordsOf } from '@alfa-cloud/contracts';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { StepFailure, type StepWork } from '@alfa-cloud/operations';
import { errorName, retry } from '@alfa-cloud/service-kit';

/** What a step needs to outlive a restart of the Docker Engine (about 60 s): attempts after 0.5, 1, 2, 4, 8, 16, 30 and 30 s. */
const patience = { attempts: 9, firstRetryMs: 500 } as const;

/**
 * A step that works on a server. Failures of the port become failures of the step, transient or final as they were, and its attempts outlast
 * a restart of the engine.
 */
export const serverStep = <Context>(step: StepWork<Context>): StepWork<Context> => ({
  ...patience,
  ...step,
  act: (context, io) => inWords(() => step.act(context, io)),
  ...(step.probe === undefined
    ? {}
    : { probe: (context, io) => inWords(async () => (await step.probe?.(context, io)) === true) }),
  ...(step.verify === undefined
    ? {}
    : { verify: (context, io) => inWords(async () => step.verify?.(context, io)) }),
  ...(step.compensate === undefined
    ? {}
    : { compensate: (context, io) => patiently(io.signal, async () => step.compensate?.(context, io)) }),
});

/**
 * Longest time of retries within one attempt of a compensation. The runner alone gives up before an engine has restarted, and would leave
 * things behind.
 */
const compensationMs = 75_000;

const patiently = <T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> =>
  retry(() => inWords(act), {
    deadlineMs: compensationMs,
    firstDelayMs: 500,
    maxDelayMs: 5000,
    signal,
    isRetryable: isTransient,
  });

export const isTransient = (error: unknown): boolean =>
  errorName(error) === 'StepFailure' && (error as StepFailure).kind === 'transient';

const inWords = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (isCloudServerError(error)) {
      throw new StepFailure(error.kind, error.code, wordsOf(error), { cause: error });
    }
    throw error;
  }
};
