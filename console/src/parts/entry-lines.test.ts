import { expect, test } from '@jest/globals';
import { entryLines, markedParts } from './entry-lines.ts';

test('output of several lines becomes lines of their own; empty ones in between stay', () => {
  const entry = { cursor: '8-0', at: '2026-11-22T18:00:00.000Z', step: null, level: 'output' } as const;
  const lines = entryLines({ ...entry, message: 'one\r\n\ntwo\n' });
  expect(lines.map(({ id, text }) => [id, text])).toEqual([
    ['8-0/0', 'one'],
    ['8-0/1', ''],
    ['8-0/2', 'two'],
  ]);
});

test('every place of what was searched for is marked, in any case; the text stays whole', () => {
  const parts = markedParts('Error: an ERROR', 'error');
  expect(parts.filter(({ isFound }) => isFound).map(({ text }) => text)).toEqual(['Error', 'ERROR']);
  expect(parts.map(({ text }) => text).join('')).toBe('Error: an ERROR');
  expect(markedParts('text', '')).toEqual([{ text: 'text', isFound: false }]);
});
