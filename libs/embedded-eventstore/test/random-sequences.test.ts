/**
 * Sequences of calls at random, each answer compared with a model in memory. `SEQUENCES` says how many (500), `SEED` repeats a run that failed; with `ESDB_URL` a real server is asked.
 */
import type { EventStoreDBClient, StreamMetadata } from '@eventstore/db-client';
import { BACKWARDS, FORWARDS, jsonEvent } from '@eventstore/db-client';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { Answer, Expected, Logged, Metadata } from './sequence-model.ts';
import { SequenceModel } from './sequence-model.ts';
import { collect, failureOf, newStream, useStore } from './support.ts';

const sequences = Number(process.env['SEQUENCES'] ?? 500);
const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) };
const perSequenceMs = 1000;
const store = useStore();

const DELETED_TRUNCATE_BEFORE = 2 ** 63;
const expectedFailures = new Set(['wrong-expected-version', 'stream-deleted', 'stream-not-found']);

const expectations: fc.Arbitrary<Expected> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Expected>('any', 'no_stream', 'stream_exists') },
  { weight: 2, arbitrary: fc.nat(6) },
);
/** The client knows no other ones for a removal. */
type RemovalExpected = 'any' | 'no_stream' | number;
const removalExpectations: fc.Arbitrary<RemovalExpected> = fc.oneof(
  fc.constantFrom('any' as const, 'no_stream' as const),
  fc.nat(6),
);
const streamNumbers = fc.nat(1);
/** New ids, a stretch of those in the stream, or such a stretch with a new one at an end. */
const proposals = fc.record({
  kind: fc.constantFrom('new', 'new', 'new', 'known', 'known then new', 'new then known'),
  from: fc.nat(4),
  count: fc.integer({ min: 1, max: 3 }),
});
const metadata: fc.Arbitrary<Metadata> = fc.record(
  { maxCount: fc.integer({ min: 1, max: 4 }), truncateBefore: fc.nat(5) },
  { requiredKeys: [] },
);
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('append' as const), streamNumbers, expectations, proposals) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('set metadata' as const), streamNumbers, metadata) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('delete' as const), streamNumbers, removalExpectations) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('tombstone' as const), streamNumbers, removalExpectations) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('read metadata' as const), streamNumbers) },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constant('read' as const),
      streamNumbers,
      fc.boolean(),
      fc.oneof(fc.constantFrom('start' as const, 'end' as const), fc.nat(8)),
      fc.integer({ min: 1, max: 6 }),
    ),
  },
);
type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

const idsFor = (
  known: readonly string[],
  { kind, from, count }: { kind: string; from: number; count: number },
) => {
  const fresh = Array.from({ length: count }, () => randomUUID());
  const stretch = known.slice(from, from + count);
  if (kind === 'new' || stretch.length === 0) return fresh;
  if (kind === 'known') return stretch;
  return kind === 'known then new' ? [...stretch, randomUUID()] : [randomUUID(), ...stretch];
};

const onServer = <Named extends string>(expected: Named | number): Named | bigint =>
  typeof expected === 'number' ? BigInt(expected) : expected;

const answered = async (call: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await call();
  } catch (error) {
    const { type } = error as { type?: string };
    if (type === undefined || !expectedFailures.has(type)) throw error;
    return { failed: type } as Answer;
  }
};

const toMetadata = ({ maxCount, truncateBefore }: StreamMetadata): Metadata => ({
  ...(maxCount === undefined ? {} : { maxCount }),
  ...(typeof truncateBefore === 'number' && {
    truncateBefore: truncateBefore === DELETED_TRUNCATE_BEFORE ? ('deleted' as const) : truncateBefore,
  }),
});

/** One step on both sides. */
async function take(
  client: EventStoreDBClient,
  model: SequenceModel,
  nameOf: (number: number) => string,
  step: Step,
): Promise<{ real: Answer; wanted: Answer }> {
  const stream = nameOf(step[1]);
  switch (step[0]) {
    case 'append': {
      const [, , expected, proposal] = step;
      const ids = idsFor(model.idsOf(stream), proposal);
      const events = ids.map((id) => jsonEvent({ id, type: 't', data: {} }));
      const real = await answered(async () => {
        const result = await client.appendToStream(stream, events, { expectedRevision: onServer(expected) });
        return { revision: Number(result.nextExpectedRevision) };
      });
      return { real, wanted: model.append(stream, expected, ids) };
    }
    case 'set metadata': {
      const real = await answered(async () => {
        const result = await client.setStreamMetadata(stream, step[2] as StreamMetadata);
        return { revision: Number(result.nextExpectedRevision) };
      });
      return { real, wanted: model.setMetadata(stream, step[2]) };
    }
    case 'delete': {
      const expectedRevision = onServer(step[2]);
      const real = await answered(async () => {
        await client.deleteStream(stream, { expectedRevision });
        return { revision: -1 };
      });
      return { real, wanted: model.delete(stream, step[2]) };
    }
    case 'tombstone': {
      const expectedRevision = onServer(step[2]);
      const real = await answered(async () => {
        await client.tombstoneStream(stream, { expectedRevision });
        return { revision: -1 };
      });
      return { real, wanted: model.tombstone(stream, step[2]) };
    }
    case 'read metadata': {
      const real = await answered(async () => {
        const { metadata: found } = await client.getStreamMetadata(stream);
        return { metadata: toMetadata(found ?? {}) };
      });
      return { real, wanted: model.readMetadata(stream) };
    }
    case 'read': {
      const [, , backwards, from, maxCount] = step;
      // Nothing can be read forwards from the end.
      const place = !backwards && from === 'end' ? 'start' : from;
      const real = await answered(async () => {
        const direction = backwards ? BACKWARDS : FORWARDS;
        const fromRevision = typeof place === 'number' ? BigInt(place) : place;
        const events = await collect(client.readStream(stream, { direction, fromRevision, maxCount }));
        return { events: events.map(({ event }) => Number(event?.revision)) };
      });
      return { real, wanted: model.read(stream, backwards, place, maxCount) };
    }
    default:
      return step satisfies never;
  }
}

/** What the log holds of some streams, from a marker on. */
async function logged(client: EventStoreDBClient, position: bigint, prefix: string): Promise<Logged[]> {
  const fromPosition = { commit: position, prepare: position };
  const events = await collect(client.readAll({ fromPosition }));
  return events.flatMap(({ event }) =>
    event === undefined || !event.streamId.replace(/^\$\$/, '').startsWith(prefix)
      ? []
      : [
          {
            stream: event.streamId,
            revision: event.type === '$streamDeleted' ? ('tombstone' as const) : Number(event.revision),
          },
        ],
  );
}

test(
  `${sequences} sequences of calls answer as the model does`,
  async () => {
    const { client } = store;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 30 }), async (sequence) => {
        const prefix = newStream('sequence');
        const model = new SequenceModel();
        const marker = await client.appendToStream(
          newStream('marker'),
          jsonEvent({ type: 'marker', data: {} }),
        );
        for (const step of sequence) {
          const { real, wanted } = await take(client, model, (number) => `${prefix}-${number}`, step);
          expect(real).toEqual(wanted);
        }
        expect(await logged(client, marker.position?.commit ?? 0n, prefix)).toEqual(model.log);
      }),
      { numRuns: sequences, ...seed },
    );
  },
  60_000 + sequences * perSequenceMs,
);

test('a call that fails in a way that no sequence may is not taken for an answer', async () => {
  const failure = await failureOf(
    answered(() => Promise.reject(Object.assign(new Error('broken'), { type: 'unknown' }))),
  );
  expect(failure).toMatchObject({ message: 'broken' });
});
