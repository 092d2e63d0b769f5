import type { StepOutcome } from '@alfa-cloud/contracts';
import type { Step, StepIo } from '../operation/operation.ts';
import { heedsCancel } from './next-move.ts';
import { retryDelayMs, type OperationRun } from './operation-run.ts';
import { letWork, pause } from './step-work.ts';

const defaultAttempts = 5;

/**
 * One attempt of one step: started, then completed or failed. After a transient failure it also waits for the next attempt.
 * @param attempt counts those that a crash cut off, too
 * @param failures attempts that failed before; only these use up the step's attempts
 */
export const attemptStep = async <Context>(
  run: OperationRun<Context>,
  { step, attempt, failures }: { step: Step<Context>; attempt: number; failures: number },
): Promise<void> => {
  const { log } = run;
  const place = { operationId: run.operationId, step: step.name, attempt };
  if (step.skip?.(run.context) === true) {
    const data = { ...place, outcome: 'skipped' as const, durationMs: 0, detail: null };
    await log.append({ type: 'OperationStepCompleted', data });
    await run.observe('completed', step.name);
    return;
  }
  // A cancel request that came in just before must stop this step, not only the next one.
  if (!(await log.appendIfUnmoved({ type: 'OperationStepStarted', data: place }))) return;
  await run.observe('started', step.name);
  const result = await letWork(run, { step, direction: 'forwards' }, (io) => probeActVerify(run, step, io));
  if (result.fault === null) {
    const data = { ...place, ...result.value, durationMs: result.durationMs };
    await log.append({ type: 'OperationStepCompleted', data });
    await run.observe('completed', step.name);
    return;
  }
  const { kind, ...why } = result.fault;
  const mayRetry = kind === 'transient' && failures + 1 < (step.attempts ?? defaultAttempts);
  const retryInMs = mayRetry ? retryDelayMs(failures + 1, step.firstRetryMs) : null;
  await log.append({ type: 'OperationStepFailed', data: { ...place, ...why, retryInMs } });
  await run.observe('failed', step.name);
  const isCancelled = () => log.operation.cancelRequested && heedsCancel(log.operation, run.definition.steps);
  if (retryInMs !== null) await pause(run, retryInMs, isCancelled);
};

interface Work {
  outcome: StepOutcome;
  detail: string | null;
}

/** Probes always, since it is cheap: an attempt that a crash cut off, or that failed late, may have done the act. */
const probeActVerify = async <Context>(
  run: OperationRun<Context>,
  step: Step<Context>,
  io: StepIo,
): Promise<Work> => {
  const { context } = run;
  const isDone = (await step.probe?.(context, io)) === true;
  io.signal.throwIfAborted();
  const work: Work = isDone
    ? { outcome: 'already_done', detail: null }
    : { outcome: 'done', detail: await actOnce(run, step, io) };
  await step.verify?.(context, io);
  return work;
};

const actOnce = async <Context>(
  run: OperationRun<Context>,
  step: Step<Context>,
  io: StepIo,
): Promise<string | null> => {
  const detail = await step.act(run.context, io);
  io.signal.throwIfAborted();
  await run.observe('acted', step.name);
  return typeof detail === 'string' ? run.redact(detail) : null;
};
