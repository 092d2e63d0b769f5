import { deriveId, streams, type ClientEvent } from '@alfa-cloud/contracts';
import { causeOf, requestCancel } from '@alfa-cloud/operations';
import { afterEach, expect, test } from '@jest/globals';
import { Life, startBulkRig, type BulkRig } from '../../test/bulk-rig.ts';
import { operationIdOf, stopRigs } from '../../test/rig.ts';

afterEach(stopRigs);

const slugs = ['a', 'b', 'c', 'd'];

/** A run whose process dies at a point, and the next one's that goes on. */
const crashedAt = async (
  rig: BulkRig,
  at: number,
  { failing = [], meanwhile }: { failing?: string[]; meanwhile?: 'cancel' } = {},
) => {
  for (const slug of failing) rig.failing.add(slug);
  // By name, since one that has failed in an earlier run would be left out.
  const command = rig.command({ waveSize: 2, clientIds: [...rig.ids.values()] });
  const operationId = operationIdOf(command);
  const life = new Life(at);
  const died = await rig.deliver(command, { life }).then(
    () => false,
    () => true,
  );
  const isKnown = (await rig.eventsOf(operationId)).length > 0;
  const isOver = (await rig.eventsOf(operationId)).some(({ type }) =>
    ['OperationSucceeded', 'OperationFailed'].includes(type),
  );
  if (meanwhile === 'cancel' && isKnown && !isOver) {
    await requestCancel(rig.store, { operationId, cause: causeOf(command) });
  }
  const end = await rig.deliver(command);
  const children = await Promise.all(
    slugs.map(async (slug) => {
      const childId = deriveId(operationId, rig.idOf(slug));
      const types = await rig.typesOf(childId);
      const { events } = await rig.store.read<ClientEvent>(streams.client(rig.idOf(slug)));
      const own = events.filter(({ data }) => 'operationId' in data && data.operationId === childId);
      const count = (type: ClientEvent['type']) => own.filter((event) => event.type === type).length;
      return {
        end: types.at(-1),
        ends: types.filter((type) => ['OperationSucceeded', 'OperationFailed'].includes(type)).length,
        begun: count('ClientOperationBegun'),
        ended: count('ClientOperationEnded'),
        migrated: count('ClientMigrated'),
      };
    }),
  );
  const plans = (await rig.typesOf(operationId)).filter((type) => type === 'OperationChildrenPlanned');
  const touched = rig.touchedSlugs().toSorted();
  rig.touched.journal.length = 0;
  return { died, points: life.points, end, children, plans: plans.length, touched };
};

const done = { end: 'OperationSucceeded', ends: 1, begun: 1, ended: 1, migrated: 1 };
const failed = { end: 'OperationFailed', ends: 1, begun: 1, ended: 1, migrated: 0 };

test('killed at any point, every client is touched once and told once', async () => {
  const rig = await startBulkRig(slugs);
  const whole = await crashedAt(rig, Infinity);
  expect(whole.points).toBeGreaterThan(60);
  for (let at = 1; at <= whole.points; at += 1) {
    const { died, end, children, plans, touched } = await crashedAt(rig, at);
    expect({ at, died, end, children, plans, touched }).toEqual({
      at,
      died: true,
      end: { status: 'ok' },
      children: slugs.map(() => done),
      plans: 1,
      touched: slugs,
    });
  }
}, 300_000);

test('killed at any point while one fails, it fails once and the others are done', async () => {
  const rig = await startBulkRig(slugs);
  const { points } = await crashedAt(rig, Infinity, { failing: ['c'] });
  for (let at = 1; at <= points; at += 3) {
    const { end, children } = await crashedAt(rig, at, { failing: ['c'] });
    expect({ at, status: end.status, children }).toEqual({
      at,
      status: 'error',
      children: [done, done, failed, done],
    });
  }
}, 300_000);

test('killed and cancelled before it goes on, whoever was begun comes to an end and nobody else is begun', async () => {
  const rig = await startBulkRig(slugs);
  const { points } = await crashedAt(rig, Infinity);
  let halfways = 0;
  for (let at = 1; at <= points; at += 1) {
    const { end, children } = await crashedAt(rig, at, { meanwhile: 'cancel' });
    for (const child of children) {
      expect({ at, child }).toEqual({
        at,
        child: child.end === undefined ? { end: undefined, ends: 0, begun: 0, ended: 0, migrated: 0 } : done,
      });
    }
    if (end.status === 'cancelled' && children.some((child) => child.end !== undefined)) halfways += 1;
  }
  expect(halfways).toBeGreaterThan(10);
}, 300_000);
