import { expect, test } from '@jest/globals';
import { canonicalJson } from './canonical-json.ts';

test('the order of members does not matter, the order of a list does', () => {
  expect(canonicalJson({ b: [{ y: 1, x: null }], a: 'ü' })).toBe('{"a":"ü","b":[{"x":null,"y":1}]}');
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test('a member called __proto__ is kept as a member', () => {
  expect(canonicalJson(JSON.parse('{"__proto__": 1}'))).toBe('{"__proto__":1}');
});
