import { expect, test } from '@jest/globals';
import { createMarkReader } from './end-mark.ts';

const mark = Buffer.from('<end>');

/** What is passed on of chunks, whether they end with the mark, and what was kept back. */
const readAll = (chunks: readonly string[]) => {
  const reader = createMarkReader(mark);
  const passed = chunks.flatMap((chunk) => reader.read(Buffer.from(chunk)));
  return [Buffer.concat(passed).toString(), reader.isAtEnd(), reader.rest().toString()];
};

test.each([
  [['all of it<end>']],
  [['all of it', '<end>']],
  [['all', ' of', ' ', 'it<', 'e', 'nd>']],
  [['all of it<en', 'd>']],
  ['all of it<end>'.split('')],
])('of %j the mark is taken away', (chunks) => {
  expect(readAll(chunks)).toEqual(['all of it', true, '']);
});

test('of what was cut off nothing is lost, and the mark is missed', () => {
  expect(readAll(['all of it'])).toEqual(['all of it', false, '']);
  expect(readAll(['all<en'])).toEqual(['all', false, '<en']);
  expect(readAll(['<'])).toEqual(['', false, '<']);
  expect(readAll([])).toEqual(['', false, '']);
});

test('what only began like the mark is passed on with what follows', () => {
  expect(readAll(['a<en', '<', '<end', '!', '<en', 'd>'])).toEqual(['a<en<<end!', true, '']);
});

test('a mark in the middle is passed on', () => {
  expect(readAll(['a<end>', 'b', 'c<end>'])).toEqual(['a<end>bc', true, '']);
});
