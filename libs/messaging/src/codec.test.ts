import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutAnswer, decode, encodeAnswer, textOf } from './codec.ts';

test('any result goes through the answer unharmed, parsed or cut out', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (result, stale) => {
      const resultJson = JSON.stringify(result);
      const bytes = encodeAnswer(resultJson, stale);
      expect(cutAnswer(textOf(bytes))).toEqual({ resultJson, stale });
      expect(decode(bytes)).toEqual({ result: JSON.parse(resultJson), stale });
    }),
  );
});

test('faults are not taken for a result', () => {
  expect(cutAnswer('{"faults":[]}')).toBeNull();
  expect(cutAnswer('{"result":{}}')).toBeNull();
});
