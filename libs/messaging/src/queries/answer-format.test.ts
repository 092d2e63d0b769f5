import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decode, textOf } from '../connection/json.ts';
import { cutAnswer, encodeAnswer } from './answer-format.ts';

test('any result goes through the answer unharmed, parsed or cut out', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.boolean(),
      fc.option(fc.bigInt(0n, 2n ** 63n)),
      (result, stale, position) => {
        const resultJson = JSON.stringify(result);
        const bytes = encodeAnswer(resultJson, stale, position);
        const told = position === null ? null : String(position);
        expect(cutAnswer(textOf(bytes))).toEqual({ resultJson, stale, position: told });
        expect(decode(bytes)).toEqual({
          result: JSON.parse(resultJson),
          stale,
          ...(told === null ? {} : { position: told }),
        });
      },
    ),
  );
});

test('faults are not taken for a result', () => {
  expect(cutAnswer('{"faults":[]}')).toBeNull();
  expect(cutAnswer('{"result":{}}')).toBeNull();
});
