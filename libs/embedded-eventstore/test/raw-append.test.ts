/** Facts of the protocol that the client library cannot ask for or does not show. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { empty, named, readFrom, request, useStreamsClient, uuid } from './raw-support.ts';
import { appendVia, counted, newStream, useStore } from './support.ts';

const { AppendReq } = streamsPb;
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
    const id = randomUUID();
    const [most, least] = [0, 16].map((at) => BigInt(`0x${id.replaceAll('-', '').slice(at, at + 16)}`));
    const structured = new sharedPb.UUID().setStructured(
      new sharedPb.UUID.Structured()
        .setMostSignificantBits(BigInt.asIntN(64, most ?? 0n).toString())
        .setLeastSignificantBits(BigInt.asIntN(64, least ?? 0n).toString()),
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
