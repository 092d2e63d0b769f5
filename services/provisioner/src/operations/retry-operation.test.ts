import { newId } from '@alfa-cloud/contracts';
import { afterEach, describe, expect, test } from '@jest/globals';
import { listedIn } from '../../test/bulk-rig.ts';
import { fakeLaboratory } from '../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs, type Rig } from '../../test/rig.ts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { decideOnClient } from '../domain/decide-on-client.ts';
import { loadClient } from '../domain/load.ts';
import { causeOf, rejectOperation } from '@alfa-cloud/operations';

afterEach(stopRigs);

const start = async (slugs: string[]) => {
  const broken = new Set<string>();
  const unhealthy = new Set<string>();
  const cloud = fakeLaboratory({
    command: (words) => (broken.has(words) ? { exitCode: 1 } : undefined),
    health: (container) => (unhealthy.has(container) ? 503 : 200),
  });
  const reference = 'alfa/client:2';
  cloud.engine.images.set(reference, { id: `sha256:${reference}`, labels: {}, user: '33:33' });
  const store = inMemoryEventStore();
  const rig = await startRig({
    cloud,
    store,
    creation: inNoTime,
    readModels: listedIn(() => store),
  });
  const registration = rig.registration();
  await rig.send(registration);
  const ids: string[] = [];
  for (const slug of slugs) {
    const creation = await rig.creation(registration.data.serverId, { slug });
    await rig.send(creation);
    ids.push(creation.data.clientId);
  }
  return { ...rig, cloud, broken, unhealthy, ids };
};

const endOf = async ({ eventsOf }: Pick<Rig, 'eventsOf'>, operationId: string) =>
  (await eventsOf(operationId)).at(-1)?.type;

const retry = async (rig: Pick<Rig, 'send'>, operationId: string) => {
  const command = commandOf('RetryOperation', { operationId });
  const { reply } = await rig.send(command);
  const codes = reply?.outcome === 'rejected' ? reply.faults.map(({ code }) => code) : null;
  return { command, again: operationIdOf(command), outcome: reply?.outcome, codes };
};

const accepted = async ({ eventsOf }: Pick<Rig, 'eventsOf'>, operationId: string) => {
  const [first] = await eventsOf(operationId);
  if (first?.type !== 'OperationAccepted') throw new Error('not accepted');
  return first.data;
};

describe('a retry', () => {
  test('is a new operation with the same parameters', async () => {
    const rig = await start(['first']);
    const [clientId = ''] = rig.ids;
    rig.cloud.database.refusedMessage = 'later';
    const command = commandOf('EnableMaintenance', { clientId, message: 'later' });
    await rig.send(command);
    expect(await endOf(rig, operationIdOf(command))).toBe('OperationFailed');
    rig.cloud.database.refusedMessage = 'never';
    const { again, outcome } = await retry(rig, operationIdOf(command));
    expect([outcome, await endOf(rig, again)]).toEqual(['accepted', 'OperationSucceeded']);
    expect(await accepted(rig, again)).toMatchObject({
      kind: 'client.enable_maintenance',
      target: { type: 'client', id: clientId },
      parameters: { message: 'later' },
      retryOf: operationIdOf(command),
    });
    expect((await loadClient(rig.store, clientId)).state).toMatchObject({
      maintenance: { message: 'later' },
    });
  });

  test('is refused for what went well, never was, or keeps a secret', async () => {
    const rig = await start(['first']);
    const [clientId = ''] = rig.ids;
    const reboot = commandOf('RebootClient', { clientId });
    await rig.send(reboot);
    expect((await retry(rig, operationIdOf(reboot))).codes).toEqual(['operation_not_retryable']);
    expect((await retry(rig, newId())).codes).toEqual(['not_found']);
    rig.broken.add('php artisan alfa:owner-password');
    const password = await rig.vault.seal('transport', 'another one');
    const owner = commandOf('SetOwnerPassword', { clientId, password });
    await rig.send(owner);
    expect(await endOf(rig, operationIdOf(owner))).toBe('OperationFailed');
    expect(await accepted(rig, operationIdOf(owner))).not.toHaveProperty('parameters');
    expect((await retry(rig, operationIdOf(owner))).codes).toEqual(['operation_not_retryable']);
  });

  test('is refused by the kind that was asked for, of what never began', async () => {
    const rig = await start(['first']);
    const [clientId = ''] = rig.ids;
    const command = commandOf('RebootClient', { clientId });
    const operationId = operationIdOf(command);
    const failure = { code: 'operation_in_progress', reason: 'Busy', step: null };
    const told = { kind: 'client.reboot' as const };
    await rejectOperation(rig.store, {
      operationId,
      command: command.name,
      failure,
      told,
      cause: causeOf(command),
    });
    const { reply } = await rig.send(commandOf('RetryOperation', { operationId }));
    expect(reply).toMatchObject({
      outcome: 'rejected',
      faults: [{ code: 'operation_not_retryable', meta: { kind: 'client.reboot' } }],
    });
  });

  test('that is poison leaves its client free', async () => {
    const rig = await start(['first']);
    const [clientId = ''] = rig.ids;
    rig.broken.add('php artisan alfa:users-count');
    const count = commandOf('CountUsers', { clientId });
    await rig.send(count);
    const command = commandOf('RetryOperation', { operationId: operationIdOf(count) });
    const operationId = operationIdOf(command);
    await decideOnClient(rig.store, {
      clientId,
      operationId,
      key: 'begin',
      cause: causeOf(command),
      command: { type: 'begin_operation', operationId, kind: 'client.count_users' },
    });
    await rig.endPoison({ subject: 's', sequence: 1, command, faults: [] });
    expect((await loadClient(rig.store, clientId)).state).toMatchObject({ operation: null });
  });

  test('of an operation over many takes up those that did not end ok', async () => {
    const rig = await start(['a', 'b', 'c']);
    rig.unhealthy.add('alfa-b.next');
    const all = commandOf('SwitchAllImages', { targetImage: 'alfa/client:2', canary: 0 });
    await rig.send(all);
    expect([await endOf(rig, operationIdOf(all)), await rig.story(operationIdOf(all))]).toEqual([
      'OperationFailed',
      expect.stringContaining('children_failed'),
    ]);
    rig.unhealthy.clear();
    const { again } = await retry(rig, operationIdOf(all));
    expect([await endOf(rig, again), await rig.story(again)]).toEqual([
      'OperationSucceeded',
      expect.stringContaining('"total":1,"ok":1'),
    ]);
    const images = await Promise.all(rig.ids.map(async (id) => (await loadClient(rig.store, id)).state));
    expect(images).toMatchObject(rig.ids.map(() => ({ client: { image: 'alfa/client:2' } })));
  });

  test('of a deployment that did not come to the proxy takes all, since each has its virtual host made true there', async () => {
    const rig = await start(['a', 'b', 'c']);
    rig.unhealthy.add('alfa-b.next');
    const all = commandOf('DeployClients', { force: true, canary: 2 });
    await rig.send(all);
    expect(await rig.story(operationIdOf(all))).toContain('canary_failed');
    rig.unhealthy.clear();
    const { again } = await retry(rig, operationIdOf(all));
    expect([await endOf(rig, again), await rig.story(again)]).toEqual([
      'OperationSucceeded',
      expect.stringContaining('"total":3,"ok":3'),
    ]);
  });
});
