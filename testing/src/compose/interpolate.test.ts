import { expect, test } from '@jest/globals';
import { interpolate } from './interpolate.ts';

test.each([
  ['plain', 'plain'],
  ['a ${SET} b', 'a value b'],
  ['${UNSET}', ''],
  ['${UNSET:-esdb://eventstore:2113?tls=false}', 'esdb://eventstore:2113?tls=false'],
  ['${EMPTY:-default}', 'default'],
  ['${SET:-default}', 'value'],
  ['${UNSET:-x,${UNSET:-y},${SET}}', 'x,y,value'],
  ['${SET:+instead}${EMPTY:+never}', 'instead'],
  ['costs $$5', 'costs $5'],
])('%s', (text, expected) => {
  expect(interpolate(text, { SET: 'value', EMPTY: '' })).toBe(expected);
});

test.each(['$SET', '${SET', '${SET:?must be set}', '${SET-default}'])(
  '%s is refused, since it is not known what it means',
  (text) => {
    expect(() => interpolate(text, {})).toThrow(/variable|understood/);
  },
);
