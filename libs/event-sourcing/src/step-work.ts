import { errorMessage, sleep, withDeadline } from '@alfa-cloud/service-kit';
import type { Step, StepIo } from './operation.ts';
import { faultOf, type Fault, type OperationRun } from './operation-run.ts';
import { OutputBuffer } from './output-buffer.ts';

export type WorkResult<T> = { durationMs: number } & ({ value: T; fault: null } | { fault: Fault });

/**
 * Lets a step work (forwards or backwards) within its deadline, and records its output.
 * @throws what ends the run; a failure of the step itself is returned
 */
export const letWork = async <Context, T>(
  run: OperationRun<Context>,
  step: Step<Context>,
  work: (io: StepIo) => Promise<T>,
): Promise<WorkResult<T>> => {
  const began = performance.now();
  const durationMs = () => Math.round(performance.now() - began);
  const output = outputOf(run, step.name);
  const looking = setInterval(() => lookForClaim(run), run.pacing.workingLookMs);
  try {
    const value = await withDeadline(
      step.deadlineMs,
      `Step ${step.name}`,
      (signal) => work({ signal, output: output.add }),
      run.signal,
    );
    return { value, fault: null, durationMs: durationMs() };
  } catch (error) {
    return { fault: faultOf(run, step.name, error), durationMs: durationMs() };
  } finally {
    clearInterval(looking);
    await output.close();
  }
};

const outputOf = <Context>({ log, operationId, redact, pacing }: OperationRun<Context>, step: string) =>
  new OutputBuffer({
    write: (text) => log.append({ type: 'OperationOutputWritten', data: { operationId, step, text } }),
    redact,
    intervalMs: pacing.outputMs,
  });

/** A silent step learns by this that it is no longer the owner. A store that does not answer is left to the next append. */
const lookForClaim = <Context>({ log, logger }: OperationRun<Context>): void => {
  log.refresh().catch((error: unknown) => logger.debug({ reason: errorMessage(error) }, 'look failed'));
};

/** Waits before the next attempt. Ends early when `until` holds after a look at the stream, at most a second after it has become true. */
export const pause = async <Context>(
  run: OperationRun<Context>,
  milliseconds: number,
  until: () => boolean = () => false,
): Promise<void> => {
  const end = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0 && !until(); left = end - performance.now()) {
    await sleep(Math.min(left, run.pacing.waitingLookMs), run.signal);
    await run.log.refresh();
  }
};
