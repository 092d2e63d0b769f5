import { errorMessage, sleep, withDeadline } from '@alfa-cloud/service-kit';
import { heedsCancel } from './next-move.ts';
import { StepCancelled, type PlannedChildren, type Step, type StepIo } from '../operation/operation.ts';
import { deadlineNameOf, faultOf, type Fault, type OperationRun } from './operation-run.ts';
import { OutputBuffer } from './output-buffer.ts';
import { TransferRecord } from './transfer-record.ts';

export type WorkResult<T> = { durationMs: number } & ({ value: T; fault: null } | { fault: Fault });

/**
 * Lets a step work within its deadline, and records its output. Forwards, a cancel request ends a step that may be cut off.
 * @throws what ends the run; a failure of the step itself is returned
 */
export const letWork = async <Context, T>(
  run: OperationRun<Context>,
  { step, direction }: { step: Step<Context>; direction: 'forwards' | 'backwards' },
  work: (io: StepIo) => Promise<T>,
): Promise<WorkResult<T>> => {
  const began = performance.now();
  const durationMs = () => Math.round(performance.now() - began);
  const output = outputOf(run, step.name);
  const transfers = transfersOf(run, step.name);
  const cancel = new AbortController();
  const stopLooking = lookAtStream(run, () => {
    if (direction === 'forwards' && isCancelled(run, step)) cancel.abort(new StepCancelled(step.name));
  });
  let working: Promise<unknown> = Promise.resolve();
  const begin = (signal: AbortSignal) => {
    const begun = work({
      operationId: run.operationId,
      signal,
      output: output.add,
      transfer: transfers.tell,
      ...dealings(run),
    });
    working = begun;
    return begun;
  };
  try {
    const over = AbortSignal.any([run.signal, cancel.signal]);
    const value = await withDeadline(step.deadlineMs, deadlineNameOf(step.name), begin, over);
    await transfers.end();
    return { value, fault: null, durationMs: durationMs() };
  } catch (error) {
    await windUp(run, working);
    return { fault: faultOf(run, step.name, error), durationMs: durationMs() };
  } finally {
    stopLooking();
    await transfers.close();
    await output.close();
  }
};

const dealings = <Context>({ log, operationId }: OperationRun<Context>) => ({
  plan: async (planned: PlannedChildren) => {
    for (const data of partsOf(planned)) {
      await log.append({ type: 'OperationChildrenPlanned', data: { operationId, ...data } });
    }
  },
  isCancelRequested: async () => {
    await log.refresh();
    return log.operation.cancelRequested;
  },
});

/** Clients in one event: with reasons of some hundred bytes they stay well below the event store's 1 MiB. */
const plannedAtOnce = 1000;

const partsOf = ({ children, skipped, ...pace }: PlannedChildren) => {
  const of = Math.ceil((children.length + skipped.length) / plannedAtOnce);
  if (of <= 1) return [{ children, skipped, ...pace }];
  return Array.from({ length: of }, (_, index) => {
    const begin = index * plannedAtOnce;
    const end = begin + plannedAtOnce;
    const fromSkipped = (place: number) => Math.max(0, place - children.length);
    return {
      part: { number: index + 1, of, children: children.length, skipped: skipped.length },
      children: children.slice(begin, end),
      skipped: skipped.slice(fromSkipped(begin), fromSkipped(end)),
      ...pace,
    };
  });
};

/** Lets work that was told to stop come to its end, so that what follows does not run beside it. Not for long: it may not listen. */
const windUp = async <Context>(
  { signal, pacing }: OperationRun<Context>,
  working: Promise<unknown>,
): Promise<void> => {
  const ended = new AbortController();
  const end = working.then(
    () => ended.abort(),
    () => ended.abort(),
  );
  const longest = async (milliseconds: number, until: AbortSignal) =>
    Promise.allSettled([Promise.race([end, sleep(milliseconds, until)])]);
  if (!signal.aborted) await longest(pacing.cutOffMs, AbortSignal.any([ended.signal, signal]));
  if (signal.aborted) await longest(pacing.windUpMs, ended.signal);
};

const outputOf = <Context>({ log, operationId, redact, pacing }: OperationRun<Context>, step: string) =>
  new OutputBuffer({
    write: (text) => log.append({ type: 'OperationOutputWritten', data: { operationId, step, text } }),
    redact,
    intervalMs: pacing.outputMs,
  });

const transfersOf = <Context>({ log, operationId }: OperationRun<Context>, step: string) =>
  new TransferRecord({
    write: (text, transfer) =>
      log.append({ type: 'OperationOutputWritten', data: { operationId, step, text, transfer } }),
  });

const isCancelled = <Context>(
  { log, definition }: OperationRun<Context>,
  { cancellable }: Pick<Step<Context>, 'cancellable'>,
): boolean =>
  cancellable === true && log.operation.cancelRequested && heedsCancel(log.operation, definition.steps);

/**
 * A silent step learns by this of a cancel request, and that it is no longer the owner. A store that does not answer is left to the next
 * append.
 */
const lookAtStream = <Context>(
  { log, logger, pacing }: OperationRun<Context>,
  seen: () => void,
): (() => void) => {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      await log.refresh();
      seen();
    } catch (error) {
      logger.debug({ reason: errorMessage(error) }, 'look at the operation failed');
    }
    isLooking = false;
  };
  const timer = setInterval(() => void look(), pacing.workingLookMs);
  return () => clearInterval(timer);
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
