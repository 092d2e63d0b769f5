import { describe, expect, test } from '@jest/globals';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { containerLog } from './container-log.ts';

const at = (second: number): string => `2026-11-22T10:00:${String(second).padStart(2, '0')}.000000000Z`;

const ask = async (
  texts: readonly string[],
  { tail, after = null }: { tail: number; after?: string | null },
  times = texts.map((_, index) => at(index)),
) => {
  const cloud = fakeCloudServer({
    images: { i: {} },
    outputLines: () => texts.map((text, index) => ({ at: times[index] ?? '', text })),
  });
  await cloud.docker.createContainer('alfa-x', { image: 'i', labels: {} } as never);
  const redact = (text: string) => text.replaceAll('secret', '***');
  return containerLog(cloud, 'alfa-x', { tail, after }, redact, 1000);
};

const texts = async (asked: ReturnType<typeof ask>) => (await asked).lines.map(({ text }) => text);

describe('the log of a container', () => {
  test('is its last lines, without secrets, and where to go on', async () => {
    expect(await ask(['a', 'b', 'the secret'], { tail: 2 })).toEqual({
      lines: [
        { at: at(1), text: 'b' },
        { at: at(2), text: 'the ***' },
      ],
      cursor: at(2),
    });
  });

  test('goes on after a cursor without a gap, and waits there when there is nothing new', async () => {
    const all = ['a', 'b', 'c', 'd'];
    const { lines, cursor } = await ask(all, { tail: 2, after: at(0) });
    expect(lines.map(({ text }) => text)).toEqual(['b', 'c']);
    expect(await texts(ask(all, { tail: 2, after: cursor }))).toEqual(['d']);
    expect(await ask(all, { tail: 2, after: at(3) })).toEqual({ lines: [], cursor: at(3) });
  });

  test('does not part lines of one moment, as the cursor is a time', async () => {
    const times = [at(0), at(1), at(1), at(2)];
    expect(await texts(ask(['a', 'b', 'c', 'd'], { tail: 1, after: at(0) }, times))).toEqual(['b', 'c']);
  });

  test('has room for so much and no more', async () => {
    const long = 'x'.repeat(10_000);
    const [line] = await texts(ask([long], { tail: 1 }));
    expect(line).toBe(`${'x'.repeat(8192)}…`);
    const many = Array.from({ length: 60 }, () => long);
    const last = await ask(many, { tail: 60 });
    expect(last.lines.length).toBeLessThan(60);
    expect(last.cursor).toBe(at(59));
  });

  test('of a container that is not there is empty', async () => {
    const cloud = fakeCloudServer();
    const nothing = containerLog(cloud, 'alfa-x', { tail: 1, after: null }, String, 1000);
    expect(await nothing).toEqual({ lines: [], cursor: null });
  });
});
