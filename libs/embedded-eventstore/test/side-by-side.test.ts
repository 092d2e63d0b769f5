/** What one call does must not be felt by the others on the same server, or on the same connection. */
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { eventTypeFilter } from '@eventstore/db-client';
import { expect, test } from '@jest/globals';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { empty, named, readFrom, request, useStreamsClient, uuid } from './raw-support.ts';
import { Watched, appendVia, collect, counted, newStream, revisionsOf, useStore } from './support.ts';

const store = useStore();
const raw = useStreamsClient(store);
const append = appendVia(store, {});
const filter = eventTypeFilter({ prefixes: ['matches-nothing'] });

const inLoops = (loops: number, rounds: number, round: () => Promise<void>): Promise<unknown> =>
  Promise.all(
    Array.from({ length: loops }, async () => {
      for (let n = 0; n < rounds; n += 1) await round();
    }),
  );

test('5,000 cancelled subscriptions break no other call on their connection', async () => {
  const stream = newStream();
  await append(stream, counted(20));
  const watched = new Watched(store.client.subscribeToStream(stream));
  let seen = 0;
  await inLoops(10, 500, async () => {
    const subscription = store.client.subscribeToAll({ fromPosition: 'end', filter });
    const cancelled = new Watched(subscription);
    await cancelled.until(({ caughtUp }) => caughtUp > 0);
    await subscription.unsubscribe();
    const events = await collect(store.client.readStream(stream, { maxCount: 3 }));
    seen += events.length;
  });
  expect(seen).toBe(15_000);
  await append(stream, counted(1, 20));
  await watched.until(({ events }) => events.length === 21);
  expect(watched.error).toBeUndefined();
}, 300_000);

test('2,000 reads that are broken off half-way break no other call on their connection', async () => {
  const stream = newStream();
  await append(stream, counted(2000));
  await inLoops(10, 200, async () => {
    const reading = store.client.readStream(stream);
    await once(reading, 'data');
    await reading.cancel();
    expect(await collect(store.client.readStream(stream, { maxCount: 3 }))).toHaveLength(3);
  });
}, 300_000);

/** A request that appends so many events in one message. */
function longAppend(stream: string, count: number): streamsPb.BatchAppendReq {
  const messages = Array.from({ length: count }, (_, n) => {
    const message = new streamsPb.BatchAppendReq.ProposedMessage()
      .setId(uuid(randomUUID()))
      .setData(Buffer.from(String(n)));
    message.getMetadataMap().set('type', 't').set('content-type', 'application/octet-stream');
    return message;
  });
  return new streamsPb.BatchAppendReq()
    .setCorrelationId(uuid(randomUUID()))
    .setOptions(
      new streamsPb.BatchAppendReq.Options()
        .setStreamIdentifier(named(stream))
        .setNoStream(new emptyPb.Empty()),
    )
    .setProposedMessagesList(messages)
    .setIsFinal(true);
}

test('a short append does not overtake a long one to its stream', async () => {
  const stream = newStream();
  const call = raw.client.batchAppend();
  call.on('error', () => undefined);
  const answers = new Promise<streamsPb.BatchAppendResp[]>((resolve) => {
    const seen: streamsPb.BatchAppendResp[] = [];
    call.on('data', (response: streamsPb.BatchAppendResp) => {
      if (seen.push(response) === 2) resolve(seen);
    });
  });
  call.write(longAppend(stream, 1500));
  const short = longAppend(stream, 1);
  short.getOptions()?.setAny(new emptyPb.Empty());
  call.write(short);
  const revisions = (await answers).map((answer) => answer.getSuccess()?.getCurrentRevision());
  call.cancel();
  expect(new Set(revisions)).toEqual(new Set(['1499', '1500']));
});

test('an append of 30,000 events lets the others read and write meanwhile, who see all of it or nothing', async () => {
  const [long, short] = [newStream(), newStream()];
  const follower = new Watched(store.client.subscribeToStream(long));
  await follower.until(({ caughtUp }) => caughtUp > 0);
  const call = raw.client.batchAppend();
  call.write(longAppend(long, 30_000));
  const answer = once(call, 'data');
  const done = new AbortController();
  void answer.then(() => done.abort());
  let [read, written] = [0, 0];
  const others = Promise.all([
    (async () => {
      for (; !done.signal.aborted; read += 1) {
        const backwards = request((options) => options.setCount('1').setReadDirection(1), long);
        backwards.getOptions()?.getStream()?.setEnd(empty());
        const followed = follower.events.length;
        const [newest] = await readFrom(raw.client, backwards);
        const revision = newest?.getEvent()?.getEvent()?.getStreamRevision();
        expect([undefined, '29999']).toContain(revision);
        if (revision === undefined) expect(followed).toBe(0);
      }
    })(),
    (async () => {
      for (; !done.signal.aborted; written += 1) await append(short, counted(1, written));
    })(),
  ]);
  const [response] = (await answer) as [streamsPb.BatchAppendResp];
  call.cancel();
  call.on('error', () => undefined);
  await others;
  expect(response.getSuccess()?.getCurrentRevision()).toBe('29999');
  // Served one after the other they would be two or three.
  expect(Math.min(read, written)).toBeGreaterThan(10);
  const events = await collect(store.client.readStream(long));
  expect(events.map(({ event }) => Number(Buffer.from(event?.data as Uint8Array)))).toEqual([
    ...Array(30_000).keys(),
  ]);
  await follower.until((seen) => seen.events.length === 30_000);
  expect(revisionsOf(follower.events)).toEqual([...Array(30_000).keys()]);
});
