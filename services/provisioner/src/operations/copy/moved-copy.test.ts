import { afterEach, expect, test } from '@jest/globals';
import { copyWorld } from '../../../test/copy-world.ts';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { copyIdOf } from './request-copy.ts';

afterEach(stopRigs);

/** A copy that was made on the first stage server and has moved to the second one. */
const movedCopy = async () => {
  const world = await copyWorld();
  const second = fakeLaboratory();
  const secondId = await world.register(second, 'Second stage', 'second.test');
  const command = world.copying();
  await world.rig.succeed(command);
  const copyId = copyIdOf(operationIdOf(command));
  const moving = commandOf('MoveClient', { clientId: copyId, targetServer: secondId, holdHours: 0 });
  await world.rig.succeed(moving);
  const release = commandOf('ReleaseMove', { clientId: copyId, moveId: operationIdOf(moving) });
  await world.rig.succeed(release);
  return { ...world, second, secondId, copyId, operations: { copy: command, move: moving } };
};

test('a copy that was moved is found and refreshed where it lives', async () => {
  const { rig, second, secondId, copyId, production, copying, clientId } = await movedCopy();
  const planned = await rig.askQueries.ask('PlanCopy', { clientId, targetServer: secondId });
  expect(planned.result).toMatchObject({
    slug: 'first-stage',
    replaces: { clientId: copyId },
    obstacles: [],
  });
  const { reply } = await rig.send(copying({ targetServer: secondId }));
  expect(reply).toMatchObject({ faults: [{ code: 'confirmation_required', meta: { clientId: copyId } }] });
  production.database.content.set('alfa_first', 'newer patients');
  const refreshing = copying({ targetServer: secondId, confirm: true });
  expect(await rig.succeed(refreshing)).toMatchObject({ cloud: 'http://first-stage.second.test:8081' });
  expect(second.database.content.get('alfa_first-stage')).toBe('newer patients');
  expect([...second.database.content.keys()]).toEqual(['alfa_first-stage']);
});

test('operations tell how far their transfers have come, each time with its rate', async () => {
  const { rig, operations } = await movedCopy();
  const transfersOf = async (command: { id: string }) =>
    (await rig.eventsOf(operationIdOf(command))).flatMap(({ type, data }) =>
      type === 'OperationOutputWritten' && data.transfer !== undefined
        ? [[data.step, data.text, data.transfer]]
        : [],
    );
  const transfer = (step: string, what: string) => [
    step,
    expect.stringContaining(what),
    { bytes: expect.any(Number), bytesPerSecond: expect.any(Number) },
  ];
  expect(await transfersOf(operations.copy)).toMatchObject([
    transfer('source', 'database: '),
    transfer('storage', 'storage: '),
  ]);
  expect(await transfersOf(operations.move)).toMatchObject([
    transfer('storage', 'storage: '),
    transfer('database', 'database: '),
  ]);
});

test('where it was made before, another copy is made under a slug of its own', async () => {
  const { rig, secondId, copyId, copying, send, clientId, stageId } = await movedCopy();
  const { reply } = await rig.send(copying());
  const expected = {
    code: 'slug_taken',
    parameter: 'slug',
    detail: expect.stringContaining('on server Second stage'),
    meta: { clientId: copyId, serverId: secondId },
  };
  expect(reply).toMatchObject({ faults: [expected] });
  const planned = await rig.askQueries.ask('PlanCopy', { clientId, targetServer: stageId });
  expect(planned.result.obstacles).toMatchObject([expected]);
  expect(await send(copying({ slug: 'other' }))).toBe('ok');
});

test('of two copies that a move has brought together, the slug tells which one is meant', async () => {
  const { rig, secondId, copyId, copying, send, clientId, stageId } = await movedCopy();
  const other = copying({ slug: 'other' });
  await rig.succeed(other);
  const otherId = copyIdOf(operationIdOf(other));
  await rig.succeed(commandOf('MoveClient', { clientId: otherId, targetServer: secondId, holdHours: 0 }));
  const replaced = async (slug?: string) => {
    const asked = { clientId, targetServer: secondId, ...(slug === undefined ? {} : { slug }) };
    return (await rig.askQueries.ask('PlanCopy', asked)).result.replaces?.clientId;
  };
  expect([await replaced('first-stage'), await replaced('other')]).toEqual([copyId, otherId]);
  // The one that was copied to last.
  expect(await replaced()).toBe(otherId);
  expect(await send(copying({ targetServer: secondId, slug: 'first-stage', confirm: true }))).toBe('ok');
  expect(await replaced()).toBe(copyId);
  expect(
    (await rig.askQueries.ask('PlanCopy', { clientId, targetServer: stageId })).result.replaces,
  ).toBeNull();
});
