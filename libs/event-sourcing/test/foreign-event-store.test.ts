import { newId } from '@alfa-cloud/contracts';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectEventStore, subscribeProjection, type PlacedEvent } from '../src/index.ts';
import { RealPositionsServer, type PositionedEvent } from './real-positions-server.ts';
import { claimed, silent } from './support.ts';

/** Another installation's events, records beginning at these offsets. */
const log = (...positions: bigint[]): PositionedEvent[] =>
  positions.map((position) => ({ position, event: claimed(newId(), `at ${position}`) }));

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Projects from a checkpoint with what a server holds; answers what was projected, or that it is another event store. */
const project = async (
  events: readonly PositionedEvent[],
  fromPosition: bigint | null,
  newestEvent: PlacedEvent | null,
): Promise<bigint[] | 'foreign'> => {
  const server = await RealPositionsServer.start(events);
  closing.push(() => server.stop());
  const connection = connectEventStore({ connectionString: server.connectionString, logger: silent });
  closing.push(() => connection.close());
  const projected: bigint[] = [];
  const foreign = Promise.withResolvers<'foreign'>();
  const projection = subscribeProjection({
    client: connection.client,
    fromPosition,
    newestEvent,
    handle: (batch) => {
      projected.push(...batch.events.map(({ position }) => position));
    },
    onForeign: () => foreign.resolve('foreign'),
    logger: silent,
  });
  closing.push(() => projection.stop());
  return Promise.race([projection.caughtUp.then(() => projected), foreign.promise]);
};

describe('a checkpoint of another event store, on a server whose positions are offsets, is noticed', () => {
  const newest = { position: 655n, id: newId() };
  test.each([
    ['with a longer log, where no record begins at that position', log(0n, 310n, 700n, 990n)],
    ['with a longer log, where another event stands there', log(0n, 310n, 655n, 990n)],
    ['with a shorter log', log(0n, 310n)],
    ['with a log of the same length', log(0n, 310n, 655n)],
    ['that is empty', []],
  ])('%s', async (_name, events) => {
    expect(await project(events, 655n, newest)).toBe('foreign');
  });

  test('when no event was projected before, by the subscription', async () => {
    expect(await project(log(0n, 310n, 700n), 655n, null)).toBe('foreign');
  });
});

test('the same event store goes on behind the checkpoint', async () => {
  const events = log(0n, 310n, 655n, 990n);
  const newest = { position: 655n, id: events[2]?.event.id ?? '' };
  expect(await project(events, 655n, newest)).toEqual([990n]);
});
