import { expect, test } from '@jest/globals';
import { createStreamSlots, readLastEventId } from './event-stream.ts';

test.each([
  ['12-3', { cursor: '12-3', ended: false }],
  ['12-3.end', { cursor: '12-3', ended: true }],
  ['.end', { cursor: null, ended: true }],
  ['', { cursor: null, ended: false }],
  ['x', null],
  ['12-3.end.end', null],
])('Last-Event-ID %j', (id, expected) => {
  expect(readLastEventId(id, '^[0-9]+-[0-9]+$')).toEqual(expected);
});

test('slots are bounded, and one given back twice is free once', () => {
  const slots = createStreamSlots(2);
  const first = slots.take();
  slots.take();
  expect(slots.take()).toBeNull();
  first?.();
  first?.();
  expect(slots.take()).not.toBeNull();
  expect(slots.take()).toBeNull();
});
