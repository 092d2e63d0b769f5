import { expect, test } from '@jest/globals';
import { toCsv } from './table.ts';

test('quotes, commas and line breaks stay in their cell; nothing is absent', () => {
  expect(toCsv(['a', 'b'], [['x, "y"\nz', null]])).toBe('\uFEFFa,b\r\n"x, ""y""\nz",\r\n');
});

test('no cell is a formula', () => {
  expect(toCsv(['a'], [['=1+1'], ['@x'], [-5]])).toBe("\uFEFFa\r\n'=1+1\r\n'@x\r\n-5\r\n");
});
