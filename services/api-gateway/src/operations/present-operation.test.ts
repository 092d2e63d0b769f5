import { newId, type OperationView } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { presentOperation } from './present-operation.ts';

const operation: OperationView = {
  id: newId(),
  kind: 'client.reboot',
  target: { type: 'client', id: newId() },
  status: 'accepted',
  steps: [],
  error: null,
  leftovers: [],
  result: null,
  parentId: null,
  progress: null,
  waiting: null,
  transfer: null,
  parameters: null,
  retryOf: null,
  actor: 'admin',
  correlationId: 'request-1',
  acceptedAt: '2026-11-26T12:00:00.000Z',
  finishedAt: null,
};

test.each([[null], [{}]])(
  'parameters of an operation that was asked for nothing (%j) are an object',
  (none) => {
    const { attributes } = presentOperation({ ...operation, parameters: none }, 'en');
    expect(attributes).toEqual(expect.objectContaining({ parameters: {} }));
  },
);
