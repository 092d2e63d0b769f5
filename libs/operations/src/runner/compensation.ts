import type { Step } from '../operation/operation.ts';
import type { OpenOperation } from '../operation/operation-state.ts';
import { retryDelayMs, type OperationRun } from './operation-run.ts';
import { letWork, pause } from './step-work.ts';

/** Attempts to compensate one step. After the last one it is recorded as a leftover. */
const maxAttempts = 5;

/**
 * What keeps a step from being taken back is waited for in full once: if it keeps the next one from it as well, that is tried only once, or the waits
 * for a server that is away would add up to half an hour. A step that could be taken back says that the server is there again.
 */
const attemptsFor = ({ compensation }: OpenOperation, code: string): number =>
  compensation?.leftoverCode === code ? 1 : maxAttempts;

/** One attempt to take one step back; any failure but a final one is tried again, since taking back is idempotent. */
export const compensateStep = async <Context>(
  run: OperationRun<Context>,
  { step, failures }: { step: Step<Context>; failures: number },
): Promise<void> => {
  const place = { operationId: run.operationId, step: step.name };
  await run.observe('compensating', step.name);
  const result = await letWork(run, { step, direction: 'backwards' }, async (io) =>
    step.compensate?.(run.context, io),
  );
  if (result.fault === null) {
    const detail = typeof result.value === 'string' ? run.redact(result.value) : null;
    const data = { ...place, durationMs: result.durationMs, detail };
    await run.log.append({ type: 'OperationStepCompensated', data });
    await run.observe('compensated', step.name);
    return;
  }
  const attempt = failures + 1;
  const { kind, code, reason } = result.fault;
  const isHopeless =
    attempt >= attemptsFor(run.log.operation, code) ||
    (kind === 'final' && code !== 'unexpected' && code !== 'deadline_exceeded');
  const retryInMs = isHopeless ? null : retryDelayMs(attempt, step.firstRetryMs);
  const data = { ...place, attempt, code, reason, retryInMs };
  await run.log.append({ type: 'OperationStepCompensationFailed', data });
  await run.observe('failed', step.name);
  if (retryInMs !== null) await pause(run, retryInMs);
};
