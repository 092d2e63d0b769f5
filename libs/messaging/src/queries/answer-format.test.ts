import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decode, encode } from '../connection/json.ts';
import { cutAnswer, encodeAnswer } from './answer-format.ts';

test('any result goes through the answer unharmed, and so does any text behind it', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.boolean(),
      fc.option(fc.bigInt(0n, 2n ** 63n)),
      fc.option(fc.array(fc.uint8Array()), { nil: undefined }),
      (result, stale, position, text) => {
        const cut = cutAnswer(encodeAnswer(JSON.stringify(result), stale, position, text));
        expect(decode(cut.json)).toEqual({
          result: JSON.parse(JSON.stringify(result)),
          stale,
          ...(position === null ? {} : { position: String(position) }),
        });
        expect(cut.text && [...cut.text]).toEqual(text?.flatMap((piece) => [...piece]));
      },
    ),
  );
});

test('faults have no text', () => {
  const faults = encode({ faults: [{ code: 'internal', detail: 'first line\nsecond line' }] });
  expect(cutAnswer(faults)).toEqual({ json: faults });
});
