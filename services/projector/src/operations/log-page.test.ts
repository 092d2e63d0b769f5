import type { LogEntry } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatCursor, parseCursor } from './log-cursor.ts';
import { logPage, pageBytesMax, pageLinesMax, type StoredLines } from './log-page.ts';

const stored = (revision: number, messages: string[]): StoredLines => ({
  revision,
  at: '2026-01-01T00:00:00.000Z',
  step: null,
  level: 'output',
  messages,
});

const readOn = (lines: StoredLines[], cursor: string | null) => {
  const after = cursor === null ? null : parseCursor(cursor);
  return logPage(
    lines.filter(({ revision }) => revision >= (after?.revision ?? 0)),
    after,
  );
};

test('pages read on from each cursor give every line once and in order', () => {
  const events = fc.array(fc.array(fc.string({ maxLength: 40_000 }), { maxLength: 400 }), { maxLength: 6 });
  fc.assert(
    fc.property(events, (messages) => {
      const lines = messages.map((texts, index) => stored(index * 2, texts));
      const seen: string[] = [];
      let cursor: string | null = null;
      for (let more = true; more;) {
        const page = readOn(lines, cursor);
        const entries = page.entries.map((text) => JSON.parse(text) as LogEntry);
        expect(entries.length).toBeLessThanOrEqual(pageLinesMax);
        expect(page.entries.length <= 1 || page.entries.join().length <= pageBytesMax).toBe(true);
        seen.push(...entries.map(({ message }) => message));
        expect(page.cursor).toBe(entries.at(-1)?.cursor ?? null);
        cursor = page.cursor;
        more = page.more;
      }
      expect(seen).toEqual(messages.flat());
    }),
    { numRuns: 30 },
  );
});

test('a line longer than a page stands alone', () => {
  const long = 'x'.repeat(pageBytesMax + 1);
  const page = logPage([stored(0, ['first', long, 'last'])], null);
  expect(page).toMatchObject({ cursor: '0-0', more: true });
  const next = logPage([stored(0, ['first', long, 'last'])], { revision: 0, line: 0 });
  expect(next).toMatchObject({ cursor: '0-1', more: true });
});

test('nothing after the last line', () => {
  expect(logPage([stored(3, ['only'])], { revision: 3, line: 0 })).toEqual({
    entries: [],
    cursor: null,
    more: false,
  });
});

test('a cursor comes back as it was given out', () => {
  expect(parseCursor(formatCursor({ revision: 12, line: 345 }))).toEqual({ revision: 12, line: 345 });
});

test.each([
  '',
  '1',
  '-',
  '1-',
  '-1',
  '1-2-3',
  'x-1',
  '1-x',
  ' 1-1',
  '1-1\n',
  "1-1'; --",
  '9'.repeat(100) + '-1',
])('%j is no cursor', (text) => {
  expect(() => parseCursor(text)).toThrow(
    expect.objectContaining({ faults: [expect.objectContaining({ parameter: 'page[after]' })] }),
  );
});
