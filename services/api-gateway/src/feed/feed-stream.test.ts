import type { ChangesView } from '@alfa-cloud/contracts';
import { inMemoryFeed } from '@alfa-cloud/messaging/testing';
import { sleep } from '@alfa-cloud/service-kit';
import { expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { watchSubject } from '../operations/operation-watch.ts';
import { feedTimes, streamFeed, type FeedTimes } from './feed-stream.ts';
import { watchObservations } from './observations.ts';

/** Takes so many writes, then nothing more. */
const responseTaking = (writes: number) => {
  const taken: string[] = [];
  const response = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.toString());
      if (taken.length <= writes) done();
    },
  });
  const waiting = () => response.writableLength;
  return { taken, waiting, response: Object.assign(response, { writeHead: () => response }) };
};

const streamTo = async (response: Writable, times: Partial<FeedTimes>): Promise<void> => {
  const feed = inMemoryFeed();
  const page = (position: number): ChangesView => ({
    cursor: `feedfeed-${position}`,
    reset: null,
    changes: [{ type: 'clients', id: `c${position}`, clientId: null, serverId: null, removed: false }],
    more: true,
  });
  await streamFeed({
    nudges: watchSubject(feed, 'changes'),
    observations: watchObservations(feed, { attributes: [], serverId: undefined }),
    after: 'feedfeed-0',
    first: page(1),
    read: async (cursor) => page(Number(cursor.split('-')[1]) + 1),
    wants: () => true,
    response: response as unknown as ServerResponse,
    signal: AbortSignal.timeout(60_000),
    times: { ...feedTimes, ...times },
  });
};

test('a reader that takes nothing any more is cut off with a last word behind what waits for it', async () => {
  const { response, taken, waiting } = responseTaking(3);
  await streamTo(response, { drainMs: 100 });
  expect(taken.join('')).toContain('event: open\nid: feedfeed-0\n');
  expect(taken.join('')).toContain('event: changes\nid: feedfeed-2\n');
  expect(taken.join('')).not.toContain('feedfeed-3');
  // The last word waits behind what could not be taken any more, and its place is behind that.
  expect(waiting()).toBe(
    String(taken.at(-1)).length + 'event: end\nid: feedfeed-2\ndata: {"reason":"slow"}\n\n'.length,
  );
  response.destroy();
});

test('a stream ends after its time, so that its reader shows its credentials again', async () => {
  const { response, taken } = responseTaking(Infinity);
  await streamTo(response, { lifeMs: 50 });
  expect(taken.at(-1)).toMatch(/^event: end\nid: feedfeed-\d+\ndata: {"reason":"time"}\n\n$/);
});

test('a look that found nothing for its reader does not put off the sign of life', async () => {
  const { response } = responseTaking(Infinity);
  const gone = new AbortController();
  const waits: number[] = [];
  const nothing: ChangesView = { cursor: 'feedfeed-1', reset: null, changes: [], more: false };
  await streamFeed({
    nudges: {
      async next(ms, signal) {
        waits.push(ms);
        if (waits.length === 2) gone.abort();
        // Something has changed that this reader does not want to hear of.
        await sleep(200, signal);
      },
      stop: () => {},
    },
    observations: watchObservations(inMemoryFeed(), { attributes: [], serverId: undefined }),
    after: null,
    first: nothing,
    read: async () => nothing,
    wants: () => false,
    response: response as unknown as ServerResponse,
    signal: gone.signal,
    times: { ...feedTimes, heartbeatMs: 60_000, paceMs: 10 },
  });
  expect(waits[1]).toBeLessThan(60_000 - 200);
});
