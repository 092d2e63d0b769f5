import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { StepFailure, type Step } from '@alfa-cloud/operations';
import { errorName, retry } from '@alfa-cloud/service-kit';

/** What a step needs to outlive a restart of the Docker Engine (about 60 s): attempts after 0.5, 1, 2, 4, 8, 16, 30 and 30 s. */
const patience = { attempts: 9, firstRetryMs: 500 } as const;

/**
 * A step whose work happens on a server: failures of the port become failures of the step, with the same judgement of whether
 * trying again may help, and there are attempts enough to outlive a restart of the engine.
 */
export const serverStep = <Context>(step: Step<Context>): Step<Context> => ({
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

/** Within one attempt of the runner, since that gives up taking back sooner than an engine restarts, and leftovers are worse than waiting. */
const compensationMs = 75_000;

const patiently = <T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> =>
  retry(() => inWords(act), {
    deadlineMs: compensationMs,
    firstDelayMs: 500,
    maxDelayMs: 5000,
    signal,
    isRetryable: isTransient,
  });

const isTransient = (error: unknown): boolean =>
  errorName(error) === 'StepFailure' && (error as StepFailure).kind === 'transient';

const inWords = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (isCloudServerError(error)) {
      throw new StepFailure(error.kind, error.code, error.message, { cause: error });
    }
    throw error;
  }
};

export const final = (code: string, message: string): StepFailure => new StepFailure('final', code, message);

export const transient = (code: string, message: string): StepFailure =>
  new StepFailure('transient', code, message);

/** Something stands under a name that is needed, and this operation did not make it. */
export const nameOccupied = (what: string): StepFailure =>
  final('name_occupied', `${what} exists already and was not made by this operation; it is left alone`);

const linesMax = 20;
/** An event takes a reason of 2000 characters: what is above all these lines must fit, too. */
const charactersMax = 1600;

/** The end of an output, at most 20 lines and 1600 characters, for a reason that people read. Redact it before: a cut secret is not recognised. */
export const lastLinesOf = (output: string): string => {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-linesMax)
    .join('\n');
  return lines.length > charactersMax ? `…${lines.slice(1 - charactersMax)}` : lines;
};

/** A sentence, and below it the last lines of an output if there are any. */
export const withLastLines = (sentence: string, whose: string, output: string): string => {
  const lines = lastLinesOf(output);
  return lines === '' ? `${sentence}; ${whose} is empty` : `${sentence}. Last lines of ${whose}:\n${lines}`;
};

/** The sentence of {@link withLastLines} alone, for a place where the lines would be too long or stand already. */
export const withoutLastLines = (reason: string): string => {
  const [firstLine = ''] = reason.split('\n', 1);
  return firstLine.replace(/\. Last lines of [^:]*:$/, '');
};
