import { expect, test } from '@jest/globals';
import { createLineReader, engineTime } from './output-lines.ts';

const [first, second, third] = [
  '2026-11-22T10:00:00.000000001Z',
  '2026-11-22T10:00:00.000000002Z',
  '2026-11-22T10:00:00.000000003Z',
] as const;

test('lines of both streams come out by their time, however they are cut', () => {
  const reader = createLineReader();
  reader.write('stderr', `${second} wro`);
  reader.write('stdout', `${first} ready\r\n${third}`);
  reader.write('stderr', 'ng\n');
  reader.write('stdout', ' no end');
  expect(reader.end()).toEqual([
    { at: first, text: 'ready' },
    { at: second, text: 'wrong' },
    { at: third, text: 'no end' },
  ]);
});

test('a long line is put together from its parts', () => {
  const reader = createLineReader();
  reader.write('stdout', `${first} aaa${first} bbb\n`);
  expect(reader.end()).toEqual([{ at: first, text: 'aaabbb' }]);
});

test('an empty line is a line', () => {
  const reader = createLineReader();
  reader.write('stdout', `${first} \n`);
  expect(reader.end()).toEqual([{ at: first, text: '' }]);
});

test('times keep their nanoseconds', () => {
  expect(engineTime('1970-01-01T00:00:05.000000007Z')).toBe('5.000000007');
  expect(engineTime('1970-01-01T00:00:05.25Z')).toBe('5.250000000');
  expect(engineTime('1970-01-01T00:00:05Z')).toBe('5.000000000');
});
