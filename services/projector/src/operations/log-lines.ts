import { bulkOf, type LogEntry, type OperationEvent, type OperationKind } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { textLines } from './text-lines.ts';
import { commandTitle, kindTitle, stepTitle } from './step-titles.ts';

/** What one event adds to the log of its operation; all its lines share moment, step and level. */
export interface LogLines {
  step: string | null;
  level: LogEntry['level'];
  messages: string[];
}

/** One event of an operation of that kind in words for people. Pure. */
export const logLines = (recorded: RecordedEvent<OperationEvent>, kind: OperationKind): LogLines => {
  const titlesOf = (steps: readonly string[]) => steps.map((step) => stepTitle(kind, step)).join(', ');
  switch (recorded.type) {
    case 'OperationAccepted': {
      const { steps } = recorded.data;
      return whole('info', `${kindTitle(kind)}: accepted, ${count(steps.length, 'step')}`);
    }
    case 'OperationRejected': {
      const { command, cause } = recorded.data;
      return whole('error', `${commandTitle(command)} could not be carried out: ${cause.reason}`);
    }
    case 'OperationClaimed':
      return whole('info', `Taken up by worker ${recorded.data.worker}`);
    case 'OperationCancelRequested': {
      const { reason } = recorded.data;
      return whole('warning', `${recorded.metadata.actor} asked to cancel${because(reason)}`);
    }
    case 'OperationCompensationStarted': {
      const { cause, steps } = recorded.data;
      // Of a reason with last lines of an output the step that failed has told the whole already.
      const [sentence = ''] = cause.reason.split('\n', 1);
      const why = because(sentence.replace(/\. Last lines of [^:]*:$/, ''));
      if (bulkOf(kind) !== null) return whole('warning', `No further client is begun${why}`);
      const what = steps.length === 0 ? 'nothing' : titlesOf(steps);
      return whole('warning', `Taking back what was done (${what})${why}`);
    }
    case 'OperationChildrenPlanned':
      return whole('info', planLines(recorded.data).join('\n'));
    case 'OperationSucceeded':
      return whole('info', 'Ended well');
    case 'OperationFailed': {
      const { cause, leftovers } = recorded.data;
      const where = cause.step === null ? '' : ` at "${stepTitle(kind, cause.step)}"`;
      return whole('error', `Ended with an error${where}: ${cause.reason}${leftBehind(titlesOf(leftovers))}`);
    }
    case 'OperationCancelled':
      return whole('warning', `Cancelled${leftBehind(titlesOf(recorded.data.leftovers))}`);
    case 'OperationOutputWritten':
    case 'OperationStepStarted':
    case 'OperationStepCompleted':
    case 'OperationStepFailed':
    case 'OperationStepCompensated':
    case 'OperationStepCompensationFailed':
      return stepLines(recorded, kind);
    default:
      return recorded satisfies never;
  }
};

/** Counts the clients left out by reason; their ids are in the operation's progress. The number of all clients is in the first part of a plan only. */
const planLines = ({
  part,
  children,
  skipped,
  canary,
  waveSize,
  stopAfter,
}: Extract<OperationEvent, { type: 'OperationChildrenPlanned' }>['data']): string[] => {
  const alone = canary === 1 ? 'the first one alone, then ' : `the first ${canary} one by one, then `;
  const pace = `${canary === 0 ? '' : alone}${waveSize} at the same time, no more after ${count(stopAfter, 'failure')}`;
  const leftOut = Map.groupBy(skipped, ({ reason }) => reason);
  const total = part?.children ?? children.length;
  const isFirst = part === undefined || part.number === 1;
  const first = total === 0 ? 'No client to work on' : `${count(total, 'client')}: ${pace}`;
  return [
    ...(isFirst ? [first] : []),
    ...[...leftOut].map(([reason, clients]) => `Left out ${count(clients.length, 'client')}: ${reason}`),
  ];
};

type StepEvent = Extract<
  RecordedEvent<OperationEvent>,
  { type: `OperationStep${string}` | 'OperationOutputWritten' }
>;

const stepLines = (recorded: StepEvent, kind: OperationKind): LogLines => {
  const { step } = recorded.data;
  const line = (level: LogEntry['level'], text: string): LogLines => ({
    step,
    level,
    messages: textLines(`${stepTitle(kind, step)}: ${text}`),
  });
  switch (recorded.type) {
    case 'OperationOutputWritten':
      return { step, level: 'output', messages: textLines(recorded.data.text) };
    case 'OperationStepStarted': {
      const { attempt } = recorded.data;
      return line('info', attempt === 1 ? 'started' : `started (attempt ${attempt})`);
    }
    case 'OperationStepCompleted':
      return line('info', completion(recorded.data));
    case 'OperationStepFailed': {
      const { reason, retryInMs } = recorded.data;
      return retryInMs === null
        ? line('error', `failed: ${reason}`)
        : line('warning', `failed, next attempt in ${duration(retryInMs)}: ${reason}`);
    }
    case 'OperationStepCompensated': {
      const { durationMs, detail } = recorded.data;
      return line('info', `taken back in ${duration(durationMs)}${because(detail)}`);
    }
    case 'OperationStepCompensationFailed': {
      const { reason, retryInMs } = recorded.data;
      return retryInMs === null
        ? line('error', `could not be taken back: ${reason}`)
        : line('warning', `could not be taken back, next attempt in ${duration(retryInMs)}: ${reason}`);
    }
    default:
      return recorded satisfies never;
  }
};

type Completed = Extract<OperationEvent, { type: 'OperationStepCompleted' }>['data'];

const completion = ({ outcome, durationMs, detail }: Completed): string => {
  switch (outcome) {
    case 'done':
      return `done in ${duration(durationMs)}${because(detail)}`;
    case 'already_done':
      return `found done already${because(detail)}`;
    case 'skipped':
      return `not needed here${because(detail)}`;
    default:
      return outcome satisfies never;
  }
};

const whole = (level: LogEntry['level'], text: string): LogLines => ({
  step: null,
  level,
  messages: textLines(text),
});

const because = (text: string | null): string => (text === null || text === '' ? '' : `: ${text}`);

const leftBehind = (titles: string): string =>
  titles === '' ? '' : `\nSomething may be left behind of: ${titles}`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** `340 ms`, `1.2 s`, `2 min 5 s`. */
export const duration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
