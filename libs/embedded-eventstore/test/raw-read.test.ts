/** Facts of the protocol that the client library cannot ask for or does not show. */
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import type { Options } from './raw-support.ts';
import { empty, filterOf, readFrom, request, useStreamsClient } from './raw-support.ts';
import { appendVia, counted, linkTo, newStream, strongerHere, useStore } from './support.ts';

const { ReadReq } = streamsPb;
const store = useStore();
const raw = useStreamsClient(store);
const append = appendVia(store, {});
const read = (message: streamsPb.ReadReq) => readFrom(raw.client, message);

const failure = async (message: streamsPb.ReadReq): Promise<Partial<ServiceError>> =>
  read(message).then(
    () => ({}),
    (error: ServiceError) => error,
  );

describe('read', () => {
  test('a missing stream is a message, and the call ends well', async () => {
    const stream = newStream();
    const responses = await read(request(undefined, stream));
    expect(responses).toHaveLength(1);
    const name = responses[0]?.getStreamNotFound()?.getStreamIdentifier()?.getStreamName_asU8();
    expect(Buffer.from(name ?? []).toString()).toBe(stream);
  });

  test('a record carries exactly its type, time in ticks and kind of content', async () => {
    const stream = newStream();
    await append(stream, counted(1));
    const [response] = await read(request(undefined, stream));
    const event = response?.getEvent();
    const properties = Object.fromEntries(event?.getEvent()?.getMetadataMap().toObject() ?? []);
    expect(Object.keys(properties).sort()).toEqual(['content-type', 'created', 'type']);
    expect(properties['content-type']).toBe('application/json');
    expect(Math.abs(Number(BigInt(properties['created'] ?? '0') / 10_000n) - Date.now())).toBeLessThan(
      60_000,
    );
    expect(event?.hasLink()).toBe(false);
    expect(event?.getCommitPosition()).toBe(event?.getEvent()?.getPreparePosition());
  });

  test('UUIDs come in the form that was asked for', async () => {
    const stream = newStream();
    const [event] = counted(1);
    if (event === undefined) throw new Error('no event');
    await append(stream, event);
    const asString = await read(request(undefined, stream));
    expect(asString[0]?.getEvent()?.getEvent()?.getId()?.getString()).toBe(event.id);
    const structured = await read(
      request(
        (options) => options.setUuidOption(new ReadReq.Options.UUIDOption().setStructured(empty())),
        stream,
      ),
    );
    const id = structured[0]?.getEvent()?.getEvent()?.getId()?.getStructured();
    const hex = [id?.getMostSignificantBits(), id?.getLeastSignificantBits()]
      .map((bits) =>
        BigInt.asUintN(64, BigInt(bits ?? '0'))
          .toString(16)
          .padStart(16, '0'),
      )
      .join('');
    expect(hex).toBe(event.id.replaceAll('-', ''));
  });

  test('$all through a filter, both ways', async () => {
    const prefix = newStream();
    for (let n = 0; n < 3; n += 1) {
      await append(`${prefix}-${n}`, counted(1));
      await append(newStream(), counted(1));
    }
    const filter = filterOf((_filter, expression) => expression.setPrefixList([prefix]));
    const forwards = await read(request((options) => options.setFilter(filter).setCount('2')));
    const backwards = await read(
      request((options) =>
        options
          .setAll(new ReadReq.Options.AllOptions().setEnd(empty()))
          .setReadDirection(1)
          .setFilter(filter),
      ),
    );
    const names = (responses: streamsPb.ReadResp[]) =>
      responses.map((response) =>
        Buffer.from(
          response.getEvent()?.getEvent()?.getStreamIdentifier()?.getStreamName_asU8() ?? [],
        ).toString(),
      );
    expect(names(forwards)).toEqual([`${prefix}-0`, `${prefix}-1`]);
    expect(names(backwards)).toEqual([`${prefix}-2`, `${prefix}-1`, `${prefix}-0`]);
  });

  // A real server never ends these calls.
  strongerHere.each<[string, streamsPb.ReadReq]>([
    ['count 0 of $all', request((options) => options.setCount('0'))],
    ['a window of 0', request((options) => options.setFilter(filterOf((filter) => filter.setMax(0))))],
  ])('refused here: %s', async (_name, message) => {
    expect(await failure(message)).toMatchObject({ code: status.UNKNOWN });
  });

  test('a form of UUIDs that says nothing is the structured one', async () => {
    const stream = newStream();
    await append(stream, counted(1));
    const [response] = await read(
      request((options) => options.setUuidOption(new ReadReq.Options.UUIDOption()), stream),
    );
    expect(response?.getEvent()?.getEvent()?.getId()?.hasStructured()).toBe(true);
  });

  test.each([
    ['with a space before', ' 1@', true],
    ['to the newest', '-1@', true],
    ['with a plus', '+1@', true],
    ['beyond the end', '7@', false],
  ])('a link %s', async (_name, number, resolves) => {
    const [target, stream] = [newStream(), newStream()];
    await append(target, counted(2));
    await append(stream, linkTo(`${number}${target}`));
    const [response] = await read(request((options) => options.setResolveLinks(true), stream));
    expect(response?.getEvent()?.hasLink()).toBe(true);
    expect(response?.getEvent()?.getEvent()?.getStreamRevision()).toBe(resolves ? '1' : undefined);
  });

  test.each([
    ['without a stream', '1@', true],
    ['with a number too large', '9223372036854775808@some', false],
    ['that is none', 'some', false],
  ])('a link %s', async (_name, data, isLink) => {
    const stream = newStream();
    await append(stream, linkTo(data));
    const [response] = await read(request((options) => options.setResolveLinks(true), stream));
    expect(response?.getEvent()?.hasLink()).toBe(isLink);
    expect(response?.getEvent()?.hasEvent()).toBe(!isLink);
  });

  test.each<[string, streamsPb.ReadReq, status]>([
    ['no options', new ReadReq(), status.UNKNOWN],
    [
      'no place to start in a stream',
      request((options) => options.getStream()?.clearStart(), 'some'),
      status.UNKNOWN,
    ],
    ['no place to start in $all', request((options) => options.getAll()?.clearStart()), status.UNKNOWN],
    [
      'revision 2^63',
      request((options) => options.getStream()?.setRevision('9223372036854775808'), 'some'),
      status.UNKNOWN,
    ],
    [
      'backwards from beyond the end of $all',
      request((options) =>
        options
          .setReadDirection(1)
          .setAll(
            new ReadReq.Options.AllOptions().setPosition(
              new ReadReq.Options.Position()
                .setCommitPosition('9000000000000000')
                .setPreparePosition('9000000000000000'),
            ),
          ),
      ),
      status.UNKNOWN,
    ],
    ['neither filter nor none', request((options) => options.clearNoFilter()), status.INVALID_ARGUMENT],
    ['neither count nor subscription', request((options) => options.clearCount()), status.INVALID_ARGUMENT],
    ['neither stream nor $all', request((options) => options.clearAll()), status.INVALID_ARGUMENT],
    ['no form of UUIDs', request((options) => options.clearUuidOption()), status.INVALID_ARGUMENT],
    [
      'a direction that is none',
      request((options) => options.setReadDirection(7 as never)),
      status.INVALID_ARGUMENT,
    ],
    [
      'a stream through a filter',
      request((options) => options.setFilter(filterOf(() => undefined)), 'some'),
      status.INVALID_ARGUMENT,
    ],
    [
      'a filter without a window',
      request((options) => options.setFilter(filterOf((filter) => filter.clearMax()))),
      status.INVALID_ARGUMENT,
    ],
    [
      'a regular expression that can not be translated',
      request((options) => options.setFilter(filterOf((_f, e) => e.setRegex('(a)\\1')))),
      status.UNKNOWN,
    ],
    [
      'a regular expression that is none',
      request((options) => options.setFilter(filterOf((_f, e) => e.setRegex('(')))),
      status.UNKNOWN,
    ],
    [
      'a subscription backwards',
      request((options) =>
        options.setReadDirection(1).setSubscription(new ReadReq.Options.SubscriptionOptions()),
      ),
      status.INVALID_ARGUMENT,
    ],
    ['a stream without a name', request(() => undefined, ''), status.UNKNOWN],
    [
      'a subscription without interval of checkpoints',
      request((options) =>
        options
          .setSubscription(new ReadReq.Options.SubscriptionOptions())
          .setFilter(filterOf((filter) => filter.setCheckpointintervalmultiplier(0))),
      ),
      status.UNKNOWN,
    ],
    [
      'a commit before its prepare',
      request((options) =>
        options.setAll(
          new ReadReq.Options.AllOptions().setPosition(
            new ReadReq.Options.Position().setCommitPosition('1').setPreparePosition('2'),
          ),
        ),
      ),
      status.UNKNOWN,
    ],
  ])('refused: %s', async (_name, message, code) => {
    expect(await failure(message)).toMatchObject({ code });
  });

  test('a deleted stream says so in its trailers', async () => {
    const stream = newStream();
    await append(stream, counted(1));
    await store.client.tombstoneStream(stream);
    const error = await failure(request(undefined, stream));
    expect(error.code).toBe(status.FAILED_PRECONDITION);
    expect(error.details).toBe(`Event stream '${stream}' is deleted.`);
    expect(error.metadata?.getMap()).toMatchObject({ exception: 'stream-deleted', 'stream-name': stream });
  });
});

describe('subscribe', () => {
  const kind = (response: streamsPb.ReadResp): string => {
    if (response.hasConfirmation()) return 'confirmation';
    if (response.hasCheckpoint()) return 'checkpoint';
    if (response.hasCaughtUp()) return 'caught up';
    return response.hasEvent() ? 'event' : 'other';
  };

  /** Messages of a subscription up to the one that makes it enough. */
  async function messages(
    message: streamsPb.ReadReq,
    enough: (response: streamsPb.ReadResp) => boolean,
    onCaughtUp: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<streamsPb.ReadResp[]> {
    const call = raw.client.read(message);
    const responses: streamsPb.ReadResp[] = [];
    try {
      for await (const received of call) {
        const response = received as streamsPb.ReadResp;
        responses.push(response);
        if (enough(response)) break;
        if (response.hasCaughtUp()) await onCaughtUp();
      }
    } finally {
      call.cancel();
    }
    return responses;
  }

  const subscription = (change: (options: Options) => unknown, stream?: string) =>
    request((options) => {
      options.setSubscription(new ReadReq.Options.SubscriptionOptions());
      change(options);
    }, stream);
  const isCaughtUp = (response: streamsPb.ReadResp) => response.hasCaughtUp();

  test('confirms first, with an id, and says when it has caught up, before anything live', async () => {
    const stream = newStream();
    await append(stream, counted(2));
    let events = 0;
    const responses = await messages(
      subscription(() => undefined, stream),
      (response) => response.hasEvent() && (events += 1) === 3,
      () => append(stream, counted(1, 2)),
    );
    expect(responses.map(kind)).toEqual(['confirmation', 'event', 'event', 'caught up', 'event']);
    expect(responses[0]?.getConfirmation()?.getSubscriptionId()).toMatch(/^[\da-f-]{36}$/);
  });

  test('caught up is told even when there was nothing to read', async () => {
    const responses = await messages(
      subscription((options) => options.getStream()?.setEnd(empty()), newStream()),
      isCaughtUp,
    );
    expect(responses.map(kind)).toEqual(['confirmation', 'caught up']);
  });

  test('from the largest position is from the end', async () => {
    await append(newStream(), counted(1));
    const position = new ReadReq.Options.Position()
      .setCommitPosition('18446744073709551615')
      .setPreparePosition('18446744073709551615');
    const responses = await messages(
      subscription((options) => options.setAll(new ReadReq.Options.AllOptions().setPosition(position))),
      (response) => response.hasEvent(),
      () => append(newStream(), counted(1)),
    );
    expect(responses.map(kind)).toEqual(['confirmation', 'caught up', 'event']);
  });

  test('a position whose second part is smaller lies before the event there', async () => {
    const { position } = await append(newStream(), counted(1));
    const at = new ReadReq.Options.Position()
      .setCommitPosition(String(position?.commit))
      .setPreparePosition(String((position?.commit ?? 1n) - 1n));
    const responses = await messages(
      subscription((options) => options.setAll(new ReadReq.Options.AllOptions().setPosition(at))),
      (response) => response.hasEvent(),
    );
    expect(responses.at(-1)?.getEvent()?.getCommitPosition()).toBe(String(position?.commit));
  });

  strongerHere(
    'with a filter: the last checkpoint of catching up comes right before "caught up"',
    async () => {
      const filter = filterOf((_filter, expression) => expression.setPrefixList([newStream()]));
      const all = (
        await messages(
          subscription((options) => options.setFilter(filter)),
          isCaughtUp,
        )
      ).map(kind);
      expect(all.slice(-2)).toEqual(['checkpoint', 'caught up']);
      expect(all.filter((each) => each === 'event')).toEqual([]);
    },
  );

  test('live, a checkpoint follows the event that fills the interval and has its position', async () => {
    const stream = newStream();
    const filter = filterOf((options, expression) => {
      expression.setPrefixList([stream]);
      options.setMax(1);
    });
    const responses = await messages(
      subscription((options) =>
        options.setAll(new ReadReq.Options.AllOptions().setEnd(empty())).setFilter(filter),
      ),
      (() => {
        let events = 0;
        return (response: streamsPb.ReadResp) => {
          if (response.hasEvent()) events += 1;
          return events > 0 && response.hasCheckpoint();
        };
      })(),
      () => append(stream, counted(1)),
    );
    const [event, checkpoint] = responses.slice(-2);
    expect(event?.getEvent()?.getCommitPosition()).toBe(checkpoint?.getCheckpoint()?.getCommitPosition());
  });
});
