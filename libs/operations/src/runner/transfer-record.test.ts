import type { TransferProgress } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { transferLine, transferProgress, TransferRecord } from './transfer-record.ts';

const mib = 1024 ** 2;

test('a record tells bytes, rate and what is left', () => {
  const progress = (bytes: number, totalBytes: number | null, spentMs: number) =>
    transferProgress({ bytes: bytes * mib, totalBytes: totalBytes && totalBytes * mib, spentMs });
  const line = (...of: Parameters<typeof progress>) => transferLine('storage', progress(...of));
  expect(progress(120, 200, 4000)).toEqual({
    bytes: 120 * mib,
    totalBytes: 200 * mib,
    bytesPerSecond: 30 * mib,
    etaSeconds: 3,
  });
  expect(line(120, 200, 4000)).toBe('storage: 120.0 of 200.0 MiB, 30.0 MiB/s, about 3 s more');
  expect(line(200, 200, 4000)).toBe('storage: 200.0 of 200.0 MiB, 50.0 MiB/s');
  expect(line(120, null, 4000)).toBe('storage: 120.0 MiB, 30.0 MiB/s');
  // More than was thought.
  expect(line(210, 200, 4000)).toBe('storage: 210.0 MiB, 52.5 MiB/s');
  expect(progress(210, 200, 4000)).toMatchObject({ totalBytes: null, etaSeconds: null });
  expect(line(0, 200, 4000)).toBe('storage: 0.0 of 200.0 MiB, 0.0 MiB/s');
});

/** A record with a clock of its own, and what it has stored. */
const recorded = () => {
  const stored: (TransferProgress & { at: number; text: string })[] = [];
  const clock = { now: 0 };
  const record = new TransferRecord({
    write: async (text, progress) => void stored.push({ ...progress, at: clock.now, text }),
    now: () => clock.now,
  });
  const until = async (what: string, end: number) => {
    for (; clock.now < end; clock.now += 500) {
      record.tell({ what, bytes: clock.now, totalBytes: null });
      await record.settled();
    }
  };
  return { record, stored, until };
};

test('much that is told is stored every two seconds in the first minute, every ten later, and at its end', async () => {
  const { record, stored, until } = recorded();
  await until('database', 200_000);
  await record.end();
  const times = stored.map(({ at }) => at);
  expect(times.slice(0, 3)).toEqual([2000, 4000, 6000]);
  expect(times.slice(28, 31)).toEqual([58_000, 68_000, 78_000]);
  expect(stored).toHaveLength(44);
  expect(stored.at(-1)).toMatchObject({ bytes: 199_500, text: expect.stringMatching(/^database: /) });
  await record.end();
  expect(stored).toHaveLength(44);
});

test('another transfer of the same step has a rate of its own', async () => {
  const { record, stored, until } = recorded();
  await until('reading', 1000);
  await until('sending', 4000);
  await record.end();
  expect(stored.map(({ at, text }) => [at, text.split(':')[0]])).toEqual([
    [3000, 'sending'],
    [4000, 'sending'],
  ]);
});

test('while one record is being stored no other is begun, and of nothing none is made', async () => {
  let now = 0;
  let open = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const record = new TransferRecord({ write: () => ((open += 1), promise), now: () => now });
  record.tell({ what: 'storage', bytes: 0, totalBytes: 10 });
  for (now = 2000; now < 9000; now += 1000) record.tell({ what: 'storage', bytes: now, totalBytes: null });
  expect(open).toBe(1);
  resolve();
  const nothing = new TransferRecord({ write: () => Promise.reject(new Error('stored')), now: () => now });
  nothing.tell({ what: 'storage', bytes: 0, totalBytes: 0 });
  await nothing.end();
});
