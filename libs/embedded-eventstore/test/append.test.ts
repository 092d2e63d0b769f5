import type { AppendExpectedRevision } from '@eventstore/db-client';
import { ANY, NO_STREAM, STREAM_EXISTS, binaryEvent, jsonEvent } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import {
  APPEND_PATHS,
  appendVia,
  collect,
  counted,
  dataOf,
  failureOf,
  newStream,
  revisionsOf,
  strongerHere,
  useStore,
} from './support.ts';

const store = useStore();
const read = (stream: string) => collect(store.client.readStream(stream));
const revisions = async (stream: string) => revisionsOf(await read(stream));

describe.each(APPEND_PATHS)('%s', (_name, path) => {
  const append = appendVia(store, path);

  describe('writes', () => {
    test('a new stream from revision 0, answering the revision and position of the last event', async () => {
      const stream = newStream();
      const result = await append(stream, counted(3), NO_STREAM);
      expect(result).toMatchObject({ success: true, nextExpectedRevision: 2n });
      const events = await read(stream);
      expect(revisionsOf(events)).toEqual([0, 1, 2]);
      expect(events.at(-1)?.event?.position).toEqual(result.position);
      expect(result.position?.commit).toBe(result.position?.prepare);
    });

    test('each event at a position of its own, in order', async () => {
      const stream = newStream();
      await append(stream, counted(4));
      await append(stream, counted(2));
      const positions = (await read(stream)).map(({ event }) => event?.position?.commit ?? 0n);
      expect(new Set(positions).size).toBe(6);
      expect(positions).toEqual([...positions].sort((a, b) => Number(a - b)));
    });

    test('everything of an event comes back as it was written', async () => {
      const stream = newStream('лаборатория');
      const json = jsonEvent({ type: 'Принято', data: { текст: 'да', n: 1 }, metadata: { actor: 'я' } });
      const bytes = binaryEvent({
        type: 'bytes',
        data: Uint8Array.of(0, 255, 128, 10),
        metadata: Uint8Array.of(1, 2),
      });
      const before = Date.now();
      await append(stream, [json, bytes]);
      const [first, second] = await read(stream);
      expect(first?.event).toMatchObject({
        streamId: stream,
        id: json.id,
        type: 'Принято',
        isJson: true,
        data: json.data,
        metadata: json.metadata,
      });
      expect(first?.event?.created.getTime()).toBeGreaterThanOrEqual(before - 5000);
      expect(first?.event?.created.getTime()).toBeLessThanOrEqual(Date.now() + 5000);
      expect(second?.event?.isJson).toBe(false);
      expect([...(dataOf(second) as Uint8Array)]).toEqual([0, 255, 128, 10]);
      expect(second?.event?.metadata).toEqual(Uint8Array.of(1, 2));
      expect(first?.commitPosition).toBe(first?.event?.position?.commit);
    });

    test('content that claims to be JSON without looking at it', async () => {
      const stream = newStream();
      await append(stream, {
        ...binaryEvent({ type: 't', data: Buffer.from('{no') }),
        contentType: 'application/json',
      } as never);
      expect((await read(stream))[0]?.event?.isJson).toBe(true);
    });

    test('no events: a success that changes nothing', async () => {
      const stream = newStream();
      await append(stream, counted(2));
      expect(await append(stream, [], 1n)).toMatchObject({ success: true, nextExpectedRevision: 1n });
      expect(await append(stream, [], ANY)).toMatchObject({ success: true, nextExpectedRevision: 1n });
      expect(await revisions(stream)).toEqual([0, 1]);
    });

    test('the same id twice in one append: both are written', async () => {
      const stream = newStream();
      const [event] = counted(1);
      if (event === undefined) throw new Error('no event');
      await append(stream, [event, event]);
      expect(await revisions(stream)).toEqual([0, 1]);
    });

    test('the same id in two streams is written to both', async () => {
      const [one, two] = [newStream(), newStream()];
      const events = counted(1);
      await append(one, events);
      await append(two, events);
      expect(await revisions(two)).toEqual([0]);
    });
  });

  describe('expected revision', () => {
    const wrong = (stream: string, expectedVersion: unknown, actualVersion: unknown) => ({
      type: 'wrong-expected-version',
      streamName: stream,
      expectedVersion,
      actualVersion,
    });

    test('exact: the current one is accepted, a larger one is not', async () => {
      const stream = newStream();
      await append(stream, counted(2));
      expect(await append(stream, counted(1), 1n)).toMatchObject({ nextExpectedRevision: 2n });
      expect(await failureOf(append(stream, counted(1), 3n))).toMatchObject(wrong(stream, 3n, 2n));
    });

    test('exact, on a stream that does not exist', async () => {
      const stream = newStream();
      expect(await failureOf(append(stream, counted(1), 0n))).toMatchObject(wrong(stream, 0n, 'no_stream'));
    });

    test('exact, older than the stream, with events that are not there', async () => {
      const stream = newStream();
      await append(stream, counted(3));
      expect(await failureOf(append(stream, counted(1), 0n))).toMatchObject(wrong(stream, 0n, 2n));
      expect(await failureOf(append(stream, [], 0n))).toMatchObject(wrong(stream, 0n, 2n));
      expect(await revisions(stream)).toEqual([0, 1, 2]);
    });

    test('no stream: refused when there is one', async () => {
      const stream = newStream();
      await append(stream, counted(1));
      expect(await failureOf(append(stream, counted(1), NO_STREAM))).toMatchObject(
        wrong(stream, 'no_stream', 0n),
      );
    });

    test('stream exists: refused when there is none, accepted with events or only metadata', async () => {
      const [missing, present, described] = [newStream(), newStream(), newStream()];
      expect(await failureOf(append(missing, counted(1), STREAM_EXISTS))).toMatchObject(
        wrong(missing, 'stream_exists', 'no_stream'),
      );
      await append(present, counted(1));
      expect(await append(present, counted(1), STREAM_EXISTS)).toMatchObject({ nextExpectedRevision: 1n });
      await store.client.setStreamMetadata(described, { maxCount: 5 });
      expect(await append(described, counted(1), STREAM_EXISTS)).toMatchObject({ nextExpectedRevision: 0n });
    });

    test('of many writers with the same expectation exactly one wins', async () => {
      const stream = newStream();
      await append(stream, counted(1));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => append(stream, counted(1), 0n)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await revisions(stream)).toEqual([0, 1]);
    });
  });

  describe('a repeated append has one effect', () => {
    test.each<[string, AppendExpectedRevision]>([
      ['any', ANY],
      ['stream exists', STREAM_EXISTS],
      ['the revision it was written at', 1n],
    ])('with %s', async (_name, expected) => {
      const stream = newStream();
      await append(stream, counted(2));
      const events = counted(3, 2);
      const first = await append(stream, events, expected);
      await append(stream, counted(2, 5));
      const second = await append(stream, events, expected);
      expect(second).toMatchObject({ success: true, nextExpectedRevision: 4n, position: first.position });
      expect(await revisions(stream)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    });

    test('with no stream', async () => {
      const stream = newStream();
      const events = counted(2);
      const first = await append(stream, events, NO_STREAM);
      await append(stream, counted(1, 2));
      expect(await append(stream, events, NO_STREAM)).toMatchObject({
        nextExpectedRevision: 1n,
        position: first.position,
      });
      expect(await revisions(stream)).toEqual([0, 1, 2]);
    });

    strongerHere(
      'with any, the last known id says what is answered, in whatever order they come',
      async () => {
        const stream = newStream();
        const [a, b, c] = counted(3);
        if (!a || !b || !c) throw new Error('no events');
        await append(stream, [a, b, c]);
        expect(await append(stream, [c, a], ANY)).toMatchObject({ nextExpectedRevision: 0n });
        expect(await revisions(stream)).toEqual([0, 1, 2]);
      },
    );
  });

  describe('a half-repeated append is refused', () => {
    test.each<[string, AppendExpectedRevision]>([
      ['any', ANY],
      ['stream exists', STREAM_EXISTS],
    ])('with %s: known, then unknown', async (_name, expected) => {
      const stream = newStream();
      const events = counted(1);
      await append(stream, events);
      const failure = await failureOf(append(stream, [...events, ...counted(1)], expected));
      expect(failure).toMatchObject({ type: 'wrong-expected-version', actualVersion: 0n });
      expect(await revisions(stream)).toEqual([0]);
    });

    test('with any: unknown, then known is written', async () => {
      const stream = newStream();
      const events = counted(1);
      await append(stream, events);
      await append(stream, [...counted(1), ...events], ANY);
      expect(await revisions(stream)).toEqual([0, 1, 2]);
    });

    test('with a revision: a later one differs, or lies beyond the end', async () => {
      const stream = newStream();
      const events = counted(3);
      await append(stream, events);
      const [, b, c] = events;
      if (!b || !c) throw new Error('no events');
      const differs = await failureOf(append(stream, [b, ...counted(1)], 0n));
      expect(differs).toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n });
      const beyond = await failureOf(append(stream, [b, c, ...counted(1)], 0n));
      expect(beyond).toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n });
      expect(await revisions(stream)).toEqual([0, 1, 2]);
    });
  });

  describe('size', () => {
    const MEBIBYTE = 1024 * 1024;
    const bytes = (size: number) => binaryEvent({ type: 'bytes', data: new Uint8Array(size) });

    /** A type counts twice its length, since it is kept in UTF-16. */
    const half = MEBIBYTE / 2 - 2 * 'bytes'.length;

    test('up to 1 MiB of data, metadata and types in one append is written', async () => {
      const stream = newStream();
      const withMetadata = binaryEvent({
        type: 'bytes',
        data: new Uint8Array(half - 1000),
        metadata: new Uint8Array(1000),
      });
      await append(stream, [bytes(half), withMetadata]);
      expect((await read(stream)).map((event) => (dataOf(event) as Uint8Array).length)).toEqual([
        half,
        half - 1000,
      ]);
    });

    test('a byte more is refused: of data, of metadata, in a type', async () => {
      const larger = [
        bytes(half + 1),
        binaryEvent({ type: 'bytes', data: new Uint8Array(half), metadata: new Uint8Array(1) }),
        binaryEvent({ type: 'bytes!', data: new Uint8Array(half) }),
      ];
      for (const event of larger) {
        const failure = await failureOf(append(newStream(), [bytes(half), event]));
        expect(failure).toMatchObject({ type: 'maximum-append-size-exceeded' });
      }
    });

    test('more is refused with the limit, and nothing of it is written', async () => {
      const stream = newStream();
      const failure = await failureOf(append(stream, [bytes(MEBIBYTE), bytes(1)]));
      expect(failure).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: MEBIBYTE });
      expect(await failureOf(read(stream))).toMatchObject({ type: 'stream-not-found' });
    });

    test('one message of far more than gRPC takes by default is refused the same way', async () => {
      // On a machine with other work it may not arrive within the 2 s that a batch has, which is told instead.
      const failure = await eventually('it to arrive in time', async () => {
        const refused = await failureOf(append(newStream(), bytes(6 * MEBIBYTE)));
        return (refused as { type?: string }).type === 'deadline-exceeded' ? undefined : { refused };
      });
      expect(failure).toMatchObject({ refused: { type: 'maximum-append-size-exceeded' } });
    });

    test('many small events in one append', async () => {
      const stream = newStream();
      expect(await append(stream, counted(3000))).toMatchObject({ nextExpectedRevision: 2999n });
      expect(await revisions(stream)).toEqual(Array.from({ length: 3000 }, (_, n) => n));
    });
  });
});
