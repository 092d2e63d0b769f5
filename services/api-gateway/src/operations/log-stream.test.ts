import { expect, test } from '@jest/globals';
import { readLastEventId } from './log-stream.ts';

test.each([
  ['12-3', { cursor: '12-3', ended: false }],
  ['12-3.end', { cursor: '12-3', ended: true }],
  ['.end', { cursor: null, ended: true }],
  ['', { cursor: null, ended: false }],
  ['x', null],
  ['12-3.end.end', null],
])('Last-Event-ID %j', (id, expected) => {
  expect(readLastEventId(id)).toEqual(expected);
});
