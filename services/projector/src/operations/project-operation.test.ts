import { deriveId, streams, type OperationEvent } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { expect, test } from '@jest/globals';
import { momentOf, recorded } from '../testing/recorded.ts';
import { projectOperation, type StoredView } from './project-operation.ts';

const operationId = deriveId('test', 'operation');
const target = { type: 'client', id: deriveId('test', 'client') } as const;
const step = 'storage';
const transfer = { bytes: 5, totalBytes: 9, bytesPerSecond: 2, etaSeconds: 2 };

const begun: OperationEvent[] = [
  {
    type: 'OperationAccepted',
    data: { operationId, kind: 'client.move', target, steps: [step, 'stop'], parentId: null },
  },
  { type: 'OperationStepStarted', data: { operationId, step, attempt: 1 } },
  { type: 'OperationOutputWritten', data: { operationId, step, text: 'storage: 1 MiB', transfer } },
];

const viewAfter = (...later: OperationEvent[]): StoredView | null =>
  recorded(
    [...begun, ...later].map((event) => ({ stream: streams.operation(operationId), event })),
  ).reduce<StoredView | null>(
    (view, event) => projectOperation(view, event as RecordedEvent<OperationEvent>, null),
    null,
  );

const transferAfter = (...later: OperationEvent[]) => viewAfter(...later)?.transfer;

test('a transfer is told while its step runs, as it was recorded last', () => {
  expect(transferAfter()).toEqual({ ...transfer, step, at: momentOf(2) });
  const output: OperationEvent = {
    type: 'OperationOutputWritten',
    data: { operationId, step, text: 'a line' },
  };
  expect(transferAfter(output)).toEqual({ ...transfer, step, at: momentOf(2) });
  const more = { ...transfer, bytes: 8 };
  expect(
    transferAfter({ type: 'OperationOutputWritten', data: { operationId, step, text: '', transfer: more } }),
  ).toEqual({ ...more, step, at: momentOf(3) });
});

const cause = { code: 'x', reason: 'Refused', step };

test.each<[string, OperationEvent]>([
  [
    'its step is completed',
    {
      type: 'OperationStepCompleted',
      data: { operationId, step, attempt: 1, outcome: 'done', durationMs: 1, detail: null },
    },
  ],
  [
    'its step fails, to be tried again',
    {
      type: 'OperationStepFailed',
      data: { operationId, step, attempt: 1, code: 'x', reason: 'no', retryInMs: 500 },
    },
  ],
  ['the operation succeeds', { type: 'OperationSucceeded', data: { operationId, result: {} } }],
  ['the operation fails', { type: 'OperationFailed', data: { operationId, cause, leftovers: [] } }],
  ['the operation is cancelled', { type: 'OperationCancelled', data: { operationId, leftovers: [] } }],
])('it is told no more when %s', (_what, event) => {
  expect(transferAfter(event)).toBeNull();
});

test('what was done all the same is told of an operation that has failed', () => {
  const failed = { operationId, cause, leftovers: [] };
  expect(viewAfter({ type: 'OperationFailed', data: failed })?.result).toBeNull();
  const result = { total: 2, ok: 1, failed: 1 };
  expect(viewAfter({ type: 'OperationFailed', data: { ...failed, result } })?.result).toEqual(result);
});

const failedAt = (attempt: number, retryInMs: number | null): OperationEvent => ({
  type: 'OperationStepFailed',
  data: { operationId, step, attempt, code: 'server_unreachable', reason: 'no answer', retryInMs },
});
const takingBack: OperationEvent = {
  type: 'OperationCompensationStarted',
  data: { operationId, cause, steps: [step] },
};
const notTakenBack = (retryInMs: number | null): OperationEvent => ({
  type: 'OperationStepCompensationFailed',
  data: { operationId, step, attempt: 1, code: 'server_unreachable', reason: 'still none', retryInMs },
});

test('what an operation waits for is told with its cause, forwards and backwards, until it works again', () => {
  const why = { step, code: 'server_unreachable', reason: 'no answer' };
  const retryAt = new Date(Date.parse(momentOf(3)) + 500).toISOString();
  expect(viewAfter()?.waiting).toBeNull();
  expect(viewAfter(failedAt(1, 500))?.waiting).toEqual({ ...why, at: momentOf(3), retryAt });
  const again: OperationEvent = { type: 'OperationStepStarted', data: { operationId, step, attempt: 2 } };
  expect(viewAfter(failedAt(1, 500), again)?.waiting).toBeNull();
  const given = [failedAt(1, 500), again, failedAt(2, null), takingBack];
  expect(viewAfter(...given)?.waiting).toEqual({ ...why, at: momentOf(5), retryAt: null });
  expect(viewAfter(...given, notTakenBack(1000))?.waiting).toMatchObject({ reason: 'still none' });
  expect(viewAfter(...given, notTakenBack(null))?.waiting).toBeNull();
  const ended: OperationEvent = { type: 'OperationFailed', data: { operationId, cause, leftovers: [] } };
  expect(viewAfter(failedAt(1, 500), again, failedAt(2, null), ended)?.waiting).toBeNull();
});

test('a step that failed for good at once is not waited for', () => {
  expect(viewAfter(failedAt(1, null), takingBack)?.waiting).toBeNull();
});
