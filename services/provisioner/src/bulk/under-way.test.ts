import { isRejection, newId, type BulkRequest } from '@alfa-cloud/contracts';
import { causeOf, requestCancel } from '@alfa-cloud/operations';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startBulkRig, type BulkRig } from '../../test/bulk-rig.ts';
import { commandOf, operationIdOf, stopRigs } from '../../test/rig.ts';
import { beginBulk, underWayDecider, type BulkUnderWay } from '../domain/bulk-under-way.ts';

afterEach(stopRigs);

const faultsOf = async (delivery: Promise<unknown>) =>
  delivery.then(
    () => null,
    (error: unknown) => {
      if (!isRejection(error)) throw error;
      return error.faults.map(({ code, meta }) => ({ code, meta }));
    },
  );

const inProgress = (command: { id: string }) => [
  { code: 'operation_in_progress', meta: { operationId: operationIdOf(command), kind: 'clients.migrate' } },
];

/** Runs what is given while an operation over all clients is at work on one of them. */
const duringOne = async (rig: BulkRig, act: (running: { id: string }) => Promise<void>) => {
  const running = rig.command();
  let acted: Promise<void> | undefined;
  rig.hooks.onTouch = async () => {
    // What is thrown here would be the failure of a step.
    acted ??= act(running);
    await acted.catch(() => undefined);
  };
  const end = await rig.deliver(running);
  await acted;
  return end;
};

describe('a second operation of a kind over the same clients', () => {
  test('is refused with the id of the one under way, and accepted once that has ended', async () => {
    const rig = await startBulkRig(['a', 'b']);
    const second = rig.command();
    const end = await duringOne(rig, async (running) => {
      expect(await faultsOf(rig.deliver(second))).toEqual(inProgress(running));
      expect(await rig.eventsOf(operationIdOf(second))).toEqual([]);
    });
    expect(end).toEqual({ status: 'ok' });
    expect(await rig.deliver(rig.command())).toEqual({ status: 'ok' });
  });

  test.each<[string, (rig: BulkRig) => BulkRequest['data']]>([
    ['narrowed to one server', (rig) => ({ serverId: rig.serverId })],
    ['of named clients, as a repetition', (rig) => ({ clientIds: [rig.idOf('b')] })],
  ])('is refused as well when it is %s', async (_words, data) => {
    const rig = await startBulkRig(['a', 'b']);
    await duringOne(rig, async (running) => {
      expect(await faultsOf(rig.deliver(rig.command(data(rig))))).toEqual(inProgress(running));
    });
  });

  test('of fourteen in the same moment one is accepted', async () => {
    const rig = await startBulkRig(['a']);
    const commands = Array.from({ length: 14 }, () => rig.command());
    const faults = await Promise.all(commands.map((command) => faultsOf(rig.deliver(command))));
    const refused = faults.filter((fault) => fault !== null);
    const [winner] = commands.filter((_, index) => faults[index] === null);
    expect(refused).toEqual(Array.from({ length: 13 }, () => inProgress(winner ?? { id: '' })));
  });

  test('is told of by a dry run', async () => {
    const rig = await startBulkRig(['a']);
    const request: BulkRequest = { kind: 'clients.migrate', data: { clientIds: [rig.idOf('a')] } };
    const obstacles = async () => (await rig.askQueries.ask('PlanBulk', request)).result.obstacles;
    await duringOne(rig, async (running) => {
      expect(await obstacles()).toMatchObject([
        { code: 'operation_in_progress', operationId: operationIdOf(running) },
      ]);
    });
    expect(await obstacles()).toEqual([]);
  });

  test('finds the place free after one that failed, was cancelled, or never began', async () => {
    const rig = await startBulkRig(['a', 'b']);
    rig.failing.add('a');
    expect(await rig.deliver(rig.command())).toMatchObject({ status: 'error' });
    rig.failing.clear();
    const named = { clientIds: [...rig.ids.values()] };
    const cancelled = rig.command(named);
    rig.hooks.onTouch = async () => {
      const cause = causeOf(cancelled);
      await requestCancel(rig.store, { operationId: operationIdOf(cancelled), cause });
    };
    expect(await rig.deliver(cancelled)).toMatchObject({ status: 'cancelled' });
    delete rig.hooks.onTouch;
    const poisoned = rig.command(named);
    const underWay = { operationId: operationIdOf(poisoned), serverIds: null };
    await beginBulk(rig.store, 'clients.migrate', underWay, causeOf(poisoned));
    expect(await faultsOf(rig.deliver(rig.command(named)))).toEqual(inProgress(poisoned));
    await rig.endPoison({ subject: 's', sequence: 1, command: poisoned, faults: [] });
    expect(await rig.deliver(rig.command(named))).toEqual({ status: 'ok' });
  });

  test('finds the place free after a repetition that is poison', async () => {
    const rig = await startBulkRig(['a']);
    const first = rig.command();
    rig.failing.add('a');
    await rig.deliver(first);
    const repetition = commandOf('RetryOperation', { operationId: operationIdOf(first) });
    const underWay = { operationId: operationIdOf(repetition), serverIds: null };
    await beginBulk(rig.store, 'clients.migrate', underWay, causeOf(repetition));
    await rig.endPoison({ subject: 's', sequence: 2, command: repetition, faults: [] });
    expect(await faultsOf(rig.deliver(rig.command()))).toBeNull();
  });

  test('finds the place free when something came to speak against the first between its begin and its acceptance', async () => {
    const rig = await startBulkRig(['a']);
    const cut = rig.command({ serverId: newId() });
    const underWay = { operationId: operationIdOf(cut), serverIds: null };
    await beginBulk(rig.store, 'clients.migrate', underWay, causeOf(cut));
    expect(await faultsOf(rig.deliver(cut))).toMatchObject([{ code: 'server_unknown' }]);
    expect(await faultsOf(rig.deliver(rig.command()))).toBeNull();
  });

  test('of another kind is not kept back: its clients wait for each other', async () => {
    const rig = await startBulkRig(['a']);
    const deployment = { operationId: newId(), serverIds: null };
    await beginBulk(rig.store, 'clients.deploy', deployment, causeOf(rig.command()));
    expect(await rig.deliver(rig.command())).toEqual({ status: 'ok' });
  });
});

describe('servers side by side', () => {
  const begins = (underWay: BulkUnderWay['serverIds'], next: BulkUnderWay['serverIds']): boolean => {
    const operation = { operationId: newId(), serverIds: next };
    const state = [{ operationId: newId(), serverIds: underWay }];
    try {
      return underWayDecider.decide({ type: 'begin', kind: 'clients.switch', operation }, state).length === 1;
    } catch {
      return false;
    }
  };

  test.each([
    [['s1'], ['s2'], true],
    [['s1', 's2'], ['s3'], true],
    [[], ['s1'], true],
    [['s1'], ['s1'], false],
    [['s1', 's2'], ['s2', 's3'], false],
    [null, ['s1'], false],
    [['s1'], null, false],
    [null, null, false],
  ])('%j under way, %j asked for: %s', (underWay, next, expected) => {
    expect(begins(underWay, next)).toBe(expected);
  });
});
