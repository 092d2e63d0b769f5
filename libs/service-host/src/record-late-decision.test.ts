import { expect, test } from '@jest/globals';
import { newId, operationOfCommand, streams, type Command, type Receipt } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { recordLateDecision } from './record-late-decision.ts';
import { rejectPoison } from './reject-poison.ts';

const clientId = newId();
const command: Command = {
  id: newId(),
  name: 'SwitchClient',
  data: { clientId, targetImage: 'alfa:2' },
  actor: 'admin',
  correlationId: 'c',
  causationId: 'c',
  issuedAt: '2026-01-01T00:00:00.000Z',
  fingerprint: 'f',
};
const operationId = operationOfCommand(command.id);
const target = { type: 'client', id: clientId } as const;
const asked = { parameters: { targetImage: 'alfa:2' }, retryOf: newId() };
const receipt: Receipt = {
  operationId,
  commandId: command.id,
  kind: 'client.switch',
  target,
  ...asked,
  actor: 'admin',
  correlationId: 'c',
  acceptedAt: '2026-01-01T00:00:01.000Z',
  made: null,
};
const faults = [{ code: 'operation_in_progress' as const, detail: 'Busy' }];

const recordedBy = async (record: (store: ReturnType<typeof inMemoryEventStore>) => Promise<void>) => {
  const store = inMemoryEventStore();
  await record(store);
  return (await store.read(streams.operation(operationId))).events.map(({ type, data }) => ({
    type,
    ...data,
  }));
};
const { acceptedAt } = receipt;

test('a refusal that comes late keeps all that its sender was told', async () => {
  const decision = { command, receipt, outcome: { kind: 'rejected' as const, faults } };
  expect(await recordedBy((store) => recordLateDecision(store, decision))).toMatchObject([
    { type: 'OperationRejected', requestedKind: 'client.switch', target, ...asked, acceptedAt },
  ]);
});

test('so does a command that is given up', async () => {
  const poison = { subject: 's', sequence: 1, command, faults };
  expect(await recordedBy((store) => rejectPoison(store, { ...poison, receipt }))).toMatchObject([
    { type: 'OperationRejected', requestedKind: 'client.switch', target, ...asked, acceptedAt },
  ]);
  const [unknown] = await recordedBy((store) => rejectPoison(store, poison));
  expect(unknown).not.toHaveProperty('requestedKind');
});

test('so does what was carried out without steps', async () => {
  const decision = { command, receipt, outcome: { kind: 'accepted' as const } };
  expect(await recordedBy((store) => recordLateDecision(store, decision))).toMatchObject([
    { type: 'OperationAccepted', kind: 'client.switch', target, ...asked },
    { type: 'OperationSucceeded' },
  ]);
});
