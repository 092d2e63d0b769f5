import type { OperationEvent, OperationKind } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { recorded } from '../testing/recorded.ts';
import { duration, logLines } from './log-lines.ts';
import { stepTitle } from './step-titles.ts';

const operationId = '00000000-0000-4000-8000-000000000001';
const step = 'database';
const cause = { code: 'no_space', reason: 'The disk is full', step };

const linesOf = (event: OperationEvent, kind: OperationKind = 'client.create') => {
  const [first] = recorded([{ stream: `operation-${operationId}`, event }]);
  return logLines(first as Parameters<typeof logLines>[0], kind);
};

test.each<[OperationEvent, string | null, string, string[]]>([
  [
    {
      type: 'OperationAccepted',
      data: {
        operationId,
        kind: 'client.create',
        target: { type: 'client', id: 'c' },
        steps: ['database'],
        parentId: null,
      },
    },
    null,
    'info',
    ['Creation of the client: accepted, 1 step'],
  ],
  [
    {
      type: 'OperationRejected',
      data: { operationId, kind: 'command.rejected', command: 'CreateClient', cause },
    },
    null,
    'error',
    ['Creation of the client could not be carried out: The disk is full'],
  ],
  [
    {
      type: 'OperationChildrenPlanned',
      data: {
        operationId,
        children: [
          { clientId: 'a', operationId: '1' },
          { clientId: 'b', operationId: '2' },
        ],
        skipped: [
          { clientId: 'c', code: 'image_in_use', reason: 'Runs from it already' },
          { clientId: 'd', code: 'unresolved_failure', reason: 'Failed before' },
          { clientId: 'e', code: 'image_in_use', reason: 'Runs from it already' },
        ],
        canary: 1,
        waveSize: 4,
        stopAfter: 3,
      },
    },
    null,
    'info',
    [
      '2 clients: the first one alone, then 4 at the same time, no more after 3 failures',
      'Left out 2 clients: Runs from it already',
      'Left out 1 client: Failed before',
    ],
  ],
  [
    { type: 'OperationClaimed', data: { operationId, worker: 'w1' } },
    null,
    'info',
    ['Taken up by worker w1'],
  ],
  [
    { type: 'OperationStepStarted', data: { operationId, step, attempt: 1 } },
    step,
    'info',
    ['Database and user: started'],
  ],
  [
    { type: 'OperationStepStarted', data: { operationId, step, attempt: 2 } },
    step,
    'info',
    ['Database and user: started (attempt 2)'],
  ],
  [
    {
      type: 'OperationStepCompleted',
      data: { operationId, step, attempt: 1, outcome: 'done', durationMs: 1234, detail: '12 tables' },
    },
    step,
    'info',
    ['Database and user: done in 1.2 s: 12 tables'],
  ],
  [
    {
      type: 'OperationStepCompleted',
      data: { operationId, step, attempt: 1, outcome: 'already_done', durationMs: 3, detail: null },
    },
    step,
    'info',
    ['Database and user: found done already'],
  ],
  [
    {
      type: 'OperationStepCompleted',
      data: { operationId, step, attempt: 1, outcome: 'skipped', durationMs: 0, detail: null },
    },
    step,
    'info',
    ['Database and user: not needed here'],
  ],
  [
    {
      type: 'OperationStepFailed',
      data: { operationId, step, attempt: 1, code: 'x', reason: 'Refused', retryInMs: 2000 },
    },
    step,
    'warning',
    ['Database and user: failed, next attempt in 2 s: Refused'],
  ],
  [
    {
      type: 'OperationStepFailed',
      data: { operationId, step, attempt: 2, code: 'x', reason: 'Refused\nlast words', retryInMs: null },
    },
    step,
    'error',
    ['Database and user: failed: Refused', 'last words'],
  ],
  [
    { type: 'OperationOutputWritten', data: { operationId, step, text: 'one\n\u001b[32mtwo\u001b[0m\n' } },
    step,
    'output',
    ['one', 'two'],
  ],
  [
    { type: 'OperationCancelRequested', data: { operationId, reason: null } },
    null,
    'warning',
    ['admin asked to cancel'],
  ],
  [
    { type: 'OperationCompensationStarted', data: { operationId, cause, steps: ['vhost', 'database'] } },
    null,
    'warning',
    ['Taking back what was done (Virtual host in the proxy, Database and user): The disk is full'],
  ],
  [
    { type: 'OperationStepCompensated', data: { operationId, step, durationMs: 340, detail: null } },
    step,
    'info',
    ['Database and user: taken back in 340 ms'],
  ],
  [
    {
      type: 'OperationStepCompensationFailed',
      data: { operationId, step, attempt: 1, code: 'x', reason: 'Busy', retryInMs: 500 },
    },
    step,
    'warning',
    ['Database and user: could not be taken back, next attempt in 500 ms: Busy'],
  ],
  [
    {
      type: 'OperationStepCompensationFailed',
      data: { operationId, step, attempt: 2, code: 'x', reason: 'Busy', retryInMs: null },
    },
    step,
    'error',
    ['Database and user: could not be taken back: Busy'],
  ],
  [{ type: 'OperationSucceeded', data: { operationId, result: {} } }, null, 'info', ['Ended well']],
  [
    { type: 'OperationFailed', data: { operationId, cause, leftovers: ['volume'] } },
    null,
    'error',
    [
      'Ended with an error at "Database and user": The disk is full',
      'Something may be left behind of: Storage volume',
    ],
  ],
  [{ type: 'OperationCancelled', data: { operationId, leftovers: [] } }, null, 'warning', ['Cancelled']],
])('%j in words', (event, expectedStep, level, messages) => {
  expect(linesOf(event)).toEqual({ step: expectedStep, level, messages });
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [59_949, '59.9 s'],
  [125_400, '2 min 5 s'],
])('%d ms is %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test('a step is named as its kind of operation has it, or by its own name', () => {
  expect(stepTitle('client.create', 'database')).toBe('Database and user');
  expect(stepTitle('server.prepare', 'database')).toBe('Database server');
  expect(stepTitle('client.reboot', 'restart')).toBe('Restart of the container');
  expect(stepTitle('server.prepare', 'wait-for_it')).toBe('Wait for it');
  expect(stepTitle('server.prepare', 'constructor')).toBe('Constructor');
});

test('an operation over many clients takes nothing back; the lines of an output are told once, by the step', () => {
  const long = { ...cause, reason: 'Two failed. Last lines of container alfa-a:\nfatal: x' };
  const started: OperationEvent = {
    type: 'OperationCompensationStarted',
    data: { operationId, cause: long, steps: ['waves'] },
  };
  expect(linesOf(started, 'clients.switch').messages).toEqual(['No further client is begun: Two failed']);
  expect(linesOf(started).messages).toEqual(['Taking back what was done (Waves): Two failed']);
});
