/** Facts of the protocol that the client library cannot ask for or does not show. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { empty, named, readFrom, request, useStreamsClient, uuid } from './raw-support.ts';
import { appendVia, counted, newStream, useStore } from './support.ts';

const { AppendReq, BatchAppendReq } = streamsPb;
const store = useStore();
const raw = useStreamsClient(store);
const append = appendVia(store, {});
const read = (message: streamsPb.ReadReq) => readFrom(raw.client, message);
const ZERO = '00000000-0000-0000-0000-000000000000';

describe('append', () => {
  const options = (stream: string) =>
    new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(named(stream)).setAny(empty()));
  const event = (change: (message: streamsPb.AppendReq.ProposedMessage) => unknown = () => undefined) => {
    const message = new AppendReq.ProposedMessage().setId(uuid(randomUUID())).setData(Buffer.from('{}'));
    message.getMetadataMap().set('type', 't').set('content-type', 'application/json');
    change(message);
    return new AppendReq().setProposedMessage(message);
  };
  const send = (...parts: streamsPb.AppendReq[]) =>
    new Promise<{ error: ServiceError | null; response: streamsPb.AppendResp | undefined }>((resolve) => {
      const call = raw.client.append((error, response) => resolve({ error, response }));
      call.on('error', () => undefined);
      for (const part of parts) call.write(part);
      call.end();
    });

  test.each<[string, (message: streamsPb.AppendReq.ProposedMessage) => unknown]>([
    ['the zero id', (message) => message.setId(uuid(ZERO))],
    ['no id', (message) => message.clearId()],
    ['an empty type', (message) => message.getMetadataMap().set('type', '')],
  ])('%s is refused', async (_name, change) => {
    const { error } = await send(options(newStream()), event(change));
    expect(error?.code).toBe(status.UNKNOWN);
  });

  test.each(['type', 'content-type'])('a missing %s is named in the trailers', async (property) => {
    const { error } = await send(
      options(newStream()),
      event((message) => message.getMetadataMap().del(property)),
    );
    expect(error).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: `Required Metadata Property '${property}' is missing`,
    });
    expect(error?.metadata.getMap()).toMatchObject({
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    });
  });

  test('a stream without a name is refused', async () => {
    expect((await send(options(''), event())).error?.code).toBe(status.UNKNOWN);
  });

  test('the two forms of an id are the same id', async () => {
    const stream = newStream();
    const id = 'a0000000-1111-4222-b333-444444444444';
    const structured = new sharedPb.UUID().setStructured(
      new sharedPb.UUID.Structured()
        .setMostSignificantBits(BigInt.asIntN(64, 0xa000000011114222n).toString())
        .setLeastSignificantBits(BigInt.asIntN(64, 0xb333444444444444n).toString()),
    );
    await send(
      options(stream),
      event((message) => message.setId(uuid(id.toUpperCase()))),
    );
    const { response } = await send(
      options(stream),
      event((message) => message.setId(structured)),
    );
    expect(response?.getSuccess()?.getCurrentRevision()).toBe('0');
    const [read0] = await read(request(undefined, stream));
    expect(read0?.getEvent()?.getEvent()?.getId()?.getString()).toBe(id);
  });

  test('the largest revision means "no stream"', async () => {
    const stream = newStream();
    const largest = () =>
      new AppendReq().setOptions(
        new AppendReq.Options().setStreamIdentifier(named(stream)).setRevision('18446744073709551615'),
      );
    expect((await send(largest(), event())).response?.getSuccess()?.getCurrentRevision()).toBe('0');
    const { response } = await send(largest(), event());
    expect(response?.getWrongExpectedVersion()?.getCurrentRevision()).toBe('0');
  });

  test('a missing expected revision is refused', async () => {
    const nothing = options(newStream());
    nothing.getOptions()?.clearAny();
    expect((await send(nothing, event())).error?.code).toBe(status.INVALID_ARGUMENT);
  });

  test.each<[string, (stream: string) => streamsPb.AppendReq[]]>([
    ['options twice', (stream) => [options(stream), event(), options(stream)]],
    ['an event before the options', (stream) => [event(), options(stream)]],
    ['an empty message', (stream) => [options(stream), event(), new AppendReq()]],
    ['no options', () => [event()]],
  ])('%s is refused, and nothing is written', async (_name, parts) => {
    const stream = newStream();
    expect((await send(...parts(stream))).error?.code).toBe(status.UNKNOWN);
    expect((await read(request(undefined, stream)))[0]?.hasStreamNotFound()).toBe(true);
  });

  test.each([
    ['any', undefined],
    ['the exact revision', '1'],
  ])('nothing, with %s, brings a deleted stream back', async (_name, revision) => {
    const stream = newStream();
    await append(stream, counted(2));
    await store.client.deleteStream(stream);
    const nothing = options(stream);
    if (revision !== undefined) nothing.getOptions()?.setRevision(revision);
    const { response } = await send(nothing);
    expect(response?.getSuccess()?.getCurrentRevision()).toBe('1');
    expect(await read(request(undefined, stream))).toEqual([]);
    expect((await store.client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 2 });
  });

  test('a repeated append of events that can not be read any more is answered without a position', async () => {
    const stream = newStream();
    const id = randomUUID();
    const again = () =>
      send(
        options(stream),
        event((message) => message.setId(uuid(id))),
      );
    expect((await again()).response?.getSuccess()?.hasPosition()).toBe(true);
    expect((await again()).response?.getSuccess()?.hasPosition()).toBe(true);
    await store.client.setStreamMetadata(stream, { truncateBefore: 1 });
    const { response } = await again();
    expect(response?.getSuccess()?.getCurrentRevision()).toBe('0');
    expect(response?.getSuccess()?.hasNoPosition()).toBe(true);
  });

  test('nothing into nothing leaves no stream', async () => {
    const { response } = await send(options(newStream()));
    expect(response?.getSuccess()?.hasNoStream()).toBe(true);
  });
});

describe('delete and tombstone', () => {
  const outcome = (
    call: (answer: (error: ServiceError | null) => void) => unknown,
  ): Promise<ServiceError | null> => new Promise((resolve) => void call(resolve));
  const identified = (stream: string) => ({
    delete: new streamsPb.DeleteReq().setOptions(
      new streamsPb.DeleteReq.Options().setStreamIdentifier(named(stream)),
    ),
    tombstone: new streamsPb.TombstoneReq().setOptions(
      new streamsPb.TombstoneReq.Options().setStreamIdentifier(named(stream)),
    ),
  });

  test('without options', async () => {
    const failures = [
      await outcome((answer) => raw.client.delete(new streamsPb.DeleteReq(), answer)),
      await outcome((answer) => raw.client.tombstone(new streamsPb.TombstoneReq(), answer)),
    ];
    const unhandled = { code: status.UNKNOWN, details: 'Exception was thrown by handler.' };
    expect(failures).toMatchObject([unhandled, unhandled]);
  });

  test('without an expected revision are refused, and the stream stays', async () => {
    const stream = newStream();
    await append(stream, counted(1));
    const requests = identified(stream);
    const failures = [
      await outcome((answer) => raw.client.delete(requests.delete, answer)),
      await outcome((answer) => raw.client.tombstone(requests.tombstone, answer)),
    ];
    expect(failures.map((error) => error?.code)).toEqual([status.INVALID_ARGUMENT, status.INVALID_ARGUMENT]);
    expect(await read(request(undefined, stream))).toHaveLength(1);
  });
});

describe('batch append', () => {
  type Change = (request: streamsPb.BatchAppendReq, options: streamsPb.BatchAppendReq.Options) => unknown;
  const message = (id: string = randomUUID(), type = 't', bytes = 2) => {
    const proposed = new BatchAppendReq.ProposedMessage().setId(uuid(id)).setData(new Uint8Array(bytes));
    proposed.getMetadataMap().set('type', type).set('content-type', 'application/octet-stream');
    return proposed;
  };
  const part = (correlationId: string, stream: string | undefined, change: Change = () => undefined) => {
    const batch = new BatchAppendReq()
      .setCorrelationId(uuid(correlationId))
      .setIsFinal(true)
      .setProposedMessagesList([message()]);
    const options = new BatchAppendReq.Options();
    if (stream !== undefined) {
      options
        .setStreamIdentifier(named(stream))
        .setNoStream(new emptyPb.Empty())
        .setDeadline(timestampPb.Timestamp.fromDate(new Date(Date.now() + 10_000)));
      batch.setOptions(options);
    }
    change(batch, options);
    return batch;
  };
  /** Sends the parts, half-closes and returns all answers. */
  async function send(...parts: streamsPb.BatchAppendReq[]): Promise<streamsPb.BatchAppendResp[]> {
    const call = raw.client.batchAppend();
    const responses: streamsPb.BatchAppendResp[] = [];
    call.on('data', (response: streamsPb.BatchAppendResp) => responses.push(response));
    const ended = once(call, 'end');
    for (const each of parts) call.write(each);
    call.end();
    await ended;
    return responses;
  }
  /** Either form: the real server answers by itself in the structured one. */
  const correlationOf = (response: streamsPb.BatchAppendResp): string => {
    const structured = response.getCorrelationId()?.getStructured();
    if (structured === undefined) return response.getCorrelationId()?.getString() ?? '';
    const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
      .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
      .join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
  const detailsOf = (response: streamsPb.BatchAppendResp | undefined) => ({
    code: response?.getError()?.getCode() as number | undefined,
    message: response?.getError()?.getMessage(),
    type: response?.getError()?.getDetails()?.getTypeUrl(),
  });
  const detail = (code: status, name: string) => ({
    code,
    message: name,
    type: `type.googleapis.com/event_store.client.${name}`,
  });

  test('parts of one append are put together, also when they interleave with another’s', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const [streamOne, streamTwo] = [newStream(), newStream()];
    const more: Change = (request) => request.setIsFinal(false);
    const responses = await send(
      part(one, streamOne, more),
      part(two, streamTwo, more),
      part(one, undefined, more),
      part(two, undefined),
      part(one, undefined),
    );
    const byId = new Map(responses.map((response) => [response.getCorrelationId()?.getString(), response]));
    expect(responses).toHaveLength(2);
    expect(byId.get(one)?.getSuccess()?.getCurrentRevision()).toBe('2');
    expect(byId.get(two)?.getSuccess()?.getCurrentRevision()).toBe('1');
    expect(byId.get(one)?.getSuccess()?.getPosition()?.getCommitPosition()).toMatch(/^\d+$/);
  });

  test('options that are repeated are not looked at again', async () => {
    const id = randomUUID();
    const [stream, other] = [newStream(), newStream()];
    await send(
      part(id, stream, (request) => request.setIsFinal(false)),
      part(id, other),
    );
    expect(await read(request(undefined, stream))).toHaveLength(2);
    expect((await read(request(undefined, other)))[0]?.hasStreamNotFound()).toBe(true);
  });

  test('a wrong expected version is answered with what was expected and what is', async () => {
    const stream = newStream();
    await append(stream, counted(1));
    const [response] = await send(part(randomUUID(), stream));
    expect(detailsOf(response)).toEqual(detail(status.ALREADY_EXISTS, 'WrongExpectedVersion'));
    const details = response
      ?.getError()
      ?.getDetails()
      ?.unpack(
        (bytes: Uint8Array) => sharedPb.WrongExpectedVersion.deserializeBinary(bytes),
        'event_store.client.WrongExpectedVersion',
      );
    expect(details?.hasExpectedNoStream()).toBe(true);
    expect(details?.getCurrentStreamRevision()).toBe('0');
    expect(Buffer.from(response?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(stream);
  });

  test.each<[string, Change]>([
    ['the zero id', (request) => request.setProposedMessagesList([message(ZERO)])],
    ['an empty type', (request) => request.setProposedMessagesList([message(randomUUID(), '')])],
    ['a stream without a name', (_request, options) => options.setStreamIdentifier(named(''))],
  ])('%s is a bad request', async (_name, change) => {
    const responses = await send(part(randomUUID(), newStream(), change));
    expect(responses.map(detailsOf)).toEqual([detail(status.INVALID_ARGUMENT, 'BadRequest')]);
  });

  test('too much data is answered at once, and what still comes of it is ignored', async () => {
    const id = randomUUID();
    const large: Change = (request) =>
      request.setIsFinal(false).setProposedMessagesList([message(randomUUID(), 't', 700_000)]);
    const responses = await send(
      part(id, newStream(), large),
      part(id, undefined, large),
      part(id, undefined),
    );
    expect(responses.map(detailsOf)).toEqual([detail(status.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded')]);
  });

  test.each(['no uuid', ZERO])(
    'the correlation id "%s" is a bad request, and the call goes on',
    async (id) => {
      const fine = randomUUID();
      const responses = await send(part(id, newStream()), part(fine, newStream()));
      expect(responses.map(correlationOf)).toEqual([id, fine]);
      expect(detailsOf(responses[0])).toEqual(detail(status.INVALID_ARGUMENT, 'BadRequest'));
    },
  );

  test('without a correlation id it is a bad request without one', async () => {
    const responses = await send(part(ZERO, newStream(), (request) => request.clearCorrelationId()));
    expect(responses.map(detailsOf)).toEqual([detail(status.INVALID_ARGUMENT, 'BadRequest')]);
    expect(responses[0]?.hasCorrelationId()).toBe(false);
  });

  test('a correlation id that is none, without options, ends the call and only the call', async () => {
    const call = raw.client.batchAppend();
    call.on('data', () => undefined);
    const failed = once(call, 'error');
    call.write(part('no uuid', undefined));
    const [error] = (await failed.catch((reason: unknown) => [reason])) as [ServiceError];
    expect(error.code).toBe(status.UNKNOWN);
    expect(await send(part(randomUUID(), newStream()))).toHaveLength(1);
  });

  test('without an expected revision it is a bad request, and nothing is written', async () => {
    const stream = newStream();
    const responses = await send(part(randomUUID(), stream, (_request, options) => options.clearNoStream()));
    expect(responses.map(detailsOf)).toEqual([detail(status.INVALID_ARGUMENT, 'BadRequest')]);
    expect((await read(request(undefined, stream)))[0]?.hasStreamNotFound()).toBe(true);
  });

  test('a message larger than any may be ends the call, and only the call', async () => {
    const call = raw.client.batchAppend();
    call.on('data', () => undefined);
    const failed = once(call, 'error');
    const large: Change = (request) =>
      request.setProposedMessagesList([message(randomUUID(), 't', 17 * 1024 * 1024)]);
    call.write(part(randomUUID(), newStream(), large));
    const [error] = (await failed.catch((reason: unknown) => [reason])) as [ServiceError];
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await send(part(randomUUID(), newStream()))).toHaveLength(1);
  });

  test('a deadline that has passed is a timeout, and nothing is written', async () => {
    const stream = newStream();
    const responses = await send(
      part(randomUUID(), stream, (_request, options) =>
        options.setDeadline(timestampPb.Timestamp.fromDate(new Date(Date.now() - 1000))),
      ),
    );
    expect(responses.map(detailsOf)).toEqual([detail(status.DEADLINE_EXCEEDED, 'Timeout')]);
    expect((await read(request(undefined, stream)))[0]?.hasStreamNotFound()).toBe(true);
  });

  test('each append is answered once, also when its time runs out after the answer', async () => {
    const within = (ms: number, change: Change): Change => {
      return (request, options) => {
        options.setDeadline(timestampPb.Timestamp.fromDate(new Date(Date.now() + ms)));
        change(request, options);
      };
    };
    const call = raw.client.batchAppend();
    const answered: string[] = [];
    call.on('data', (response: streamsPb.BatchAppendResp) => answered.push(correlationOf(response)));
    const [large, fine, unfinished] = [randomUUID(), randomUUID(), randomUUID()];
    const tooLarge: Change = (request) =>
      request.setProposedMessagesList([message(randomUUID(), 't', 1_100_000)]);
    call.write(part(large, newStream(), within(400, tooLarge)));
    call.write(
      part(
        fine,
        newStream(),
        within(400, () => undefined),
      ),
    );
    call.write(
      part(
        unfinished,
        newStream(),
        within(800, (request) => request.setIsFinal(false)),
      ),
    );
    // The one that times out last is answered last.
    while (answered.at(-1) !== unfinished) await once(call, 'data');
    call.end();
    await once(call, 'end');
    expect(answered).toHaveLength(3);
    expect(new Set(answered)).toEqual(new Set([large, fine, unfinished]));
  });

  test('an append whose last part does not come is a timeout, and what comes after it is ignored', async () => {
    const stream = newStream();
    const id = randomUUID();
    const call = raw.client.batchAppend();
    const responses: streamsPb.BatchAppendResp[] = [];
    call.on('data', (response: streamsPb.BatchAppendResp) => responses.push(response));
    call.write(
      part(id, stream, (request, options) => {
        request.setIsFinal(false);
        options.setDeadline(timestampPb.Timestamp.fromDate(new Date(Date.now() + 200)));
      }),
    );
    await once(call, 'data');
    call.write(part(id, undefined));
    call.end();
    await once(call, 'end');
    expect(responses.map(detailsOf)).toEqual([detail(status.DEADLINE_EXCEEDED, 'Timeout')]);
    expect((await read(request(undefined, stream)))[0]?.hasStreamNotFound()).toBe(true);
  });
});
