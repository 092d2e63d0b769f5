import { deriveId, newId, streams, type ClientEvent } from '@alfa-cloud/contracts';
import { causeOf, requestCancel } from '@alfa-cloud/operations';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startBulkRig, type BulkRig } from '../../test/bulk-rig.ts';
import { operationIdOf, stopRigs } from '../../test/rig.ts';
import { decideOnClient } from '../domain/decide-on-client.ts';

afterEach(stopRigs);

const five = ['a', 'b', 'c', 'd', 'e'];

const lastOf = async (rig: BulkRig, command: { id: string }) =>
  (await rig.eventsOf(operationIdOf(command))).at(-1);

const childOf = (rig: BulkRig, command: { id: string }, slug: string) =>
  deriveId(operationIdOf(command), rig.idOf(slug));

/** No client is left with an operation that has not ended. */
const expectNobodyBusy = async (rig: BulkRig) => {
  for (const [slug, id] of rig.ids) {
    const { events } = await rig.store.read<ClientEvent>(streams.client(id));
    const count = (type: ClientEvent['type']) => events.filter((event) => event.type === type).length;
    expect([slug, count('ClientOperationEnded')]).toEqual([slug, count('ClientOperationBegun')]);
  }
};

describe('an operation over many clients', () => {
  test('runs one on each, its own children, the first alone and then no more than the wave', async () => {
    const rig = await startBulkRig(five);
    const command = rig.command({ waveSize: 2 });
    const workingWithFirst: number[] = [];
    rig.hooks.onTouch = (slug) => void (slug === 'a' && workingWithFirst.push(rig.touched.journal.length));
    expect(await rig.deliver(command)).toEqual({ status: 'ok' });
    expect(rig.touchedSlugs()).toEqual(expect.arrayContaining(five));
    expect([rig.touched.most, workingWithFirst]).toEqual([2, [0]]);
    const last = await lastOf(rig, command);
    expect(last?.data).toMatchObject({ result: { total: 5, ok: 5, failed: 0, skipped: 0, notBegun: 0 } });
    const [accepted] = await rig.eventsOf(childOf(rig, command, 'c'));
    expect(accepted?.data).toMatchObject({
      kind: 'client.migrate',
      parentId: operationIdOf(command),
      target: { type: 'client', id: rig.idOf('c') },
    });
    const [parent] = await rig.eventsOf(operationIdOf(command));
    expect(parent?.data).toMatchObject({
      kind: 'clients.migrate',
      parameters: { waveSize: 2 },
      steps: ['plan', 'canary', 'waves', 'results'],
    });
  });

  test('stops all when the first fails', async () => {
    const rig = await startBulkRig(five);
    rig.failing.add('a');
    const command = rig.command();
    expect(await rig.deliver(command)).toMatchObject({
      status: 'error',
      cause: { code: 'canary_failed', step: 'canary' },
    });
    expect(JSON.stringify((await lastOf(rig, command))?.data)).toContain('a: broken (It is broken)');
    expect(rig.touchedSlugs()).toEqual([]);
    expect(await rig.typesOf(childOf(rig, command, 'b'))).toEqual([]);
  });

  test('ends with its failures named when some fail, and does the others all the same', async () => {
    const rig = await startBulkRig(five);
    rig.failing.add('c');
    const command = rig.command();
    const end = await rig.deliver(command);
    expect(end).toMatchObject({ status: 'error', cause: { code: 'children_failed', step: 'results' } });
    expect(end.status === 'error' && end.cause.reason).toContain('ok: 4, failed: 1, not begun: 0');
    expect(rig.touchedSlugs().toSorted()).toEqual(['a', 'b', 'd', 'e']);
    expect((await lastOf(rig, command))?.data).toMatchObject({
      result: { total: 5, ok: 4, failed: 1, notBegun: 0 },
    });
  });

  test('begins no further one after too many failures', async () => {
    const rig = await startBulkRig(five);
    for (const slug of ['b', 'c']) rig.failing.add(slug);
    const command = rig.command({ waveSize: 1, stopAfter: 2 });
    expect(await rig.deliver(command)).toMatchObject({ cause: { code: 'too_many_failures' } });
    expect((await lastOf(rig, command))?.data).toMatchObject({ result: { ok: 1, failed: 2, notBegun: 2 } });
    expect(rig.touchedSlugs()).toEqual(['a']);
    expect(await rig.typesOf(childOf(rig, command, 'd'))).toEqual([]);
    await expectNobodyBusy(rig);
  });

  test('that is cancelled lets what runs come to its end and takes nothing back', async () => {
    const rig = await startBulkRig(five);
    const command = rig.command({ waveSize: 1 });
    const operationId = operationIdOf(command);
    rig.hooks.onTouch = async (slug) => {
      if (slug === 'b') await requestCancel(rig.store, { operationId, cause: causeOf(command) });
    };
    expect(await rig.deliver(command)).toMatchObject({ status: 'cancelled' });
    expect(rig.touchedSlugs()).toEqual(['a', 'b']);
    expect((await rig.typesOf(childOf(rig, command, 'b'))).at(-1)).toBe('OperationSucceeded');
    expect(await rig.typesOf(childOf(rig, command, 'c'))).toEqual([]);
    expect(await rig.typesOf(operationId)).not.toContain('OperationStepCompensated');
    const { events } = await rig.store.read(streams.operation(operationId));
    expect(events.at(-1)).toMatchObject({
      type: 'OperationCancelled',
      data: { result: { total: 5, ok: 2, failed: 0, skipped: 0, notBegun: 3 } },
    });
    await expectNobodyBusy(rig);
  });

  test('over nobody is done at once', async () => {
    const rig = await startBulkRig([]);
    expect(await rig.deliver(rig.command())).toEqual({ status: 'ok' });
  });

  test('leaves out whose last operation failed, unless it is named', async () => {
    const rig = await startBulkRig(['a', 'b']);
    rig.failing.add('b');
    await rig.deliver(rig.command());
    rig.failing.clear();
    const second = rig.command();
    expect(await rig.deliver(second)).toEqual({ status: 'ok' });
    expect((await lastOf(rig, second))?.data).toMatchObject({ result: { total: 1, skipped: 1 } });
    const third = rig.command({ clientIds: [rig.idOf('b')] });
    expect(await rig.deliver(third)).toEqual({ status: 'ok' });
    expect((await lastOf(rig, third))?.data).toMatchObject({ result: { total: 1, skipped: 0 } });
  });
});

describe('a client with another operation', () => {
  const occupy = async (rig: BulkRig, slug: string) => {
    const command = rig.command();
    const operationId = newId();
    const place = { clientId: rig.idOf(slug), operationId, cause: causeOf(command) };
    await decideOnClient(rig.store, {
      ...place,
      key: 'begin',
      command: { type: 'begin_operation', operationId, kind: 'client.reboot' },
    });
    return () =>
      decideOnClient(rig.store, {
        ...place,
        key: 'end',
        command: { type: 'end_operation', operationId, status: 'ok', fact: null },
      });
  };

  test('is waited for', async () => {
    const rig = await startBulkRig(['a', 'b']);
    const free = await occupy(rig, 'a');
    const command = rig.command();
    const end = rig.deliver(command);
    await free();
    expect(await end).toEqual({ status: 'ok' });
  });

  test('for too long fails, told by its own operation', async () => {
    const rig = await startBulkRig(['a', 'b']);
    await occupy(rig, 'b');
    const command = rig.command();
    expect(await rig.deliver(command)).toMatchObject({ cause: { code: 'children_failed' } });
    const [rejected, ...more] = await rig.eventsOf(childOf(rig, command, 'b'));
    expect([rejected?.type, more]).toEqual(['OperationRejected', []]);
    expect(rejected?.data).toMatchObject({ cause: { code: 'client_busy' } });
  });
});
