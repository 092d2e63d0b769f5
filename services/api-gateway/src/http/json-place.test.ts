import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonErrorOffset } from './json-place.ts';

test.each([
  ['', 0],
  ['{"a": CANARY}', 6],
  ['{"a": 1,}', 8],
  ['[1 2]', 3],
  ['{"a" 1}', 5],
  ['{"a": "x\ny"}', 6],
  ['[01]', 1],
  ['{"a": [true, nul]}', 13],
  ['[1]]', 3],
  ['{"a": 1', 7],
  ['\u0000', 0],
])('%j breaks at %d', (text, offset) => {
  expect(jsonErrorOffset(text)).toBe(offset);
});

test('the whole of any JSON is read', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonErrorOffset(text)).toBe(text.length);
    }),
  );
});
