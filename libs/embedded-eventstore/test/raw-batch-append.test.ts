/** Facts of batch appends that the client library cannot ask for or does not show. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { named, readFrom, request, useStreamsClient, uuid } from './raw-support.ts';
import { appendVia, counted, newStream, strongerHere, useStore } from './support.ts';

const { BatchAppendReq } = streamsPb;
const store = useStore();
const raw = useStreamsClient(store);
const append = appendVia(store, {});
const read = (message: streamsPb.ReadReq) => readFrom(raw.client, message);
const ZERO = '00000000-0000-0000-0000-000000000000';

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
  const cancel = (call: { cancel(): void; on(event: 'error', listener: () => void): unknown }): void => {
    call.on('error', () => undefined);
    call.cancel();
  };
  /** Sends the parts and returns an answer for each correlation id in them. A half-closed call would not end on a real server. */
  async function send(...parts: streamsPb.BatchAppendReq[]): Promise<streamsPb.BatchAppendResp[]> {
    const call = raw.client.batchAppend();
    const responses: streamsPb.BatchAppendResp[] = [];
    call.on('data', (response: streamsPb.BatchAppendResp) => responses.push(response));
    const expected = new Set(parts.map((each) => each.getCorrelationId()?.getString() ?? '')).size;
    for (const each of parts) call.write(each);
    while (responses.length < expected) await once(call, 'data');
    cancel(call);
    return responses;
  }
  /** Waits until the server has answered something that came after everything before. */
  async function passedOn(call: ReturnType<typeof raw.client.batchAppend>): Promise<void> {
    const id = randomUUID();
    const answered = new Promise<void>((resolve) => {
      call.on('data', (response: streamsPb.BatchAppendResp) => {
        if (correlationOf(response) === id) resolve();
      });
    });
    call.write(part(id, newStream()));
    await answered;
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
      const byId = new Map(responses.map((response) => [correlationOf(response), response]));
      expect(new Set(byId.keys())).toEqual(new Set([id, fine]));
      expect(detailsOf(byId.get(id))).toEqual(detail(status.INVALID_ARGUMENT, 'BadRequest'));
      expect(byId.get(fine)?.hasSuccess()).toBe(true);
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

  strongerHere('a half-closed call answers everything, then ends', async () => {
    const call = raw.client.batchAppend();
    const responses: streamsPb.BatchAppendResp[] = [];
    call.on('data', (response: streamsPb.BatchAppendResp) => responses.push(response));
    const ended = once(call, 'end');
    for (let n = 0; n < 20; n += 1) call.write(part(randomUUID(), newStream()));
    call.end();
    await ended;
    expect(responses).toHaveLength(20);
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
    cancel(call);
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
    await passedOn(call);
    cancel(call);
    expect(responses.slice(0, -1).map(detailsOf)).toEqual([detail(status.DEADLINE_EXCEEDED, 'Timeout')]);
    expect((await read(request(undefined, stream)))[0]?.hasStreamNotFound()).toBe(true);
  });
});
