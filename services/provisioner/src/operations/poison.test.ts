import { afterEach, expect, test } from '@jest/globals';
import { HandedBack } from '@alfa-cloud/messaging';
import { fakeLaboratory } from '../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../test/rig.ts';
import { holderOf, reserve } from '../domain/reservations.ts';
import { causeOf } from '@alfa-cloud/operations';

afterEach(stopRigs);

const somebody = '00000000-0000-4000-8000-000000000001';

test('a creation that fails again and again before it begins ends visibly and gives its slug back', async () => {
  const rig = await startRig({ cloud: fakeLaboratory() });
  const command = await rig.creation('00000000-0000-4000-8000-000000000000');
  const name = { scope: 'slug', name: 'first' } as const;
  await reserve(rig.store, { ...name, holderId: command.data.clientId }, causeOf(command));
  const faults = [{ code: 'internal' as const, detail: 'failed 5 times' }];
  const poison = { subject: 'alfa.commands.provisioner.CreateClient', sequence: 7, command, faults };
  await rig.endPoison(poison);
  await rig.endPoison(poison);
  expect((await rig.eventsOf(operationIdOf(command))).map(({ type }) => type)).toEqual(['OperationRejected']);
  expect(await holderOf(rig.store, name)).toBe(null);
});

test("a slug that another client holds stays that client's", async () => {
  const rig = await startRig({ cloud: fakeLaboratory() });
  const command = await rig.creation('00000000-0000-4000-8000-000000000000');
  const name = { scope: 'slug', name: 'first' } as const;
  await reserve(rig.store, { ...name, holderId: somebody }, causeOf(command));
  await rig.endPoison({ subject: 's', sequence: 1, command, faults: [] });
  expect(await holderOf(rig.store, name)).toBe(somebody);
});

test('a message that is no command at all ends visibly, too', async () => {
  const rig = await startRig({ cloud: fakeLaboratory() });
  await rig.endPoison({ subject: 's', sequence: 1, command: null, faults: [] });
  expect(rig.store.all().map(({ type }) => type)).toEqual(['OperationRejected']);
});

test('a service that stops hands its operation back, and the next one ends it', async () => {
  const cloud = fakeLaboratory();
  const controller = new AbortController();
  const stopping = await startRig({
    cloud,
    creation: inNoTime,
    observer: ({ step, phase }) => {
      if (step === 'volume' && phase === 'completed') controller.abort(new Error('stop'));
    },
  });
  const registration = stopping.registration();
  await stopping.send(registration);
  const command = await stopping.creation(registration.data.serverId);
  const { error } = await stopping.send(command, { signal: controller.signal });
  expect(error).toMatchObject({ name: new HandedBack().name });
  const { store, vault } = stopping;
  const next = await startRig({ cloud, store, vault, creation: inNoTime });
  await next.send(command);
  expect((await next.eventsOf(operationIdOf(command))).at(-1)?.type).toBe('OperationSucceeded');
});

test('a cancel of what has ended or never was is refused', async () => {
  const cloud = fakeLaboratory();
  const rig = await startRig({ cloud, creation: inNoTime });
  const registration = rig.registration();
  await rig.send(registration);
  const cancel = async (operationId: string) => {
    const { reply } = await rig.send(commandOf('CancelOperation', { operationId }));
    return reply?.outcome === 'rejected' ? reply.faults.map(({ code }) => code) : reply?.outcome;
  };
  expect(await cancel(operationIdOf(registration))).toEqual(['operation_finished']);
  expect(await cancel('00000000-0000-4000-8000-000000000000')).toEqual(['not_found']);
});

test('names that a change of a client has reserved in vain are free again, and its own stay', async () => {
  const rig = await startRig({ cloud: fakeLaboratory(), creation: inNoTime });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId);
  await rig.send(creation);
  const { clientId } = creation.data;
  const command = commandOf('ChangeClient', { clientId, aliases: ['cloud.example.org', 'b.example.org'] });
  const host = (name: string) => ({ scope: 'host', name }) as const;
  await reserve(rig.store, { ...host('cloud.example.org'), holderId: clientId }, causeOf(command));
  await reserve(rig.store, { ...host('b.example.org'), holderId: somebody }, causeOf(command));
  await rig.endPoison({ subject: 's', sequence: 1, command, faults: [] });
  expect((await rig.eventsOf(operationIdOf(command))).map(({ type }) => type)).toEqual(['OperationRejected']);
  expect(await holderOf(rig.store, host('cloud.example.org'))).toBeNull();
  expect(await holderOf(rig.store, host('b.example.org'))).toBe(somebody);
});
