import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandLine } from './quote.ts';

/** What a shell hands on, each word ended by a NUL. */
const wordsBy = (shell: string, line: string): string[] =>
  execFileSync(shell, ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe.each(['sh', 'bash'])('a command line, read by %s', (shell) => {
  test('gives just the words that it was made of', () => {
    const nasty = fc.constantFrom(...Array.from(`'"\\$\`!*?[]{}()<>|&;#~= \t\n-üx\r\u0001😀`));
    const word = fc.string({ unit: nasty, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        expect(wordsBy(shell, commandLine(words))).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test.each([['$(id)'], ['; id'], ["'; id; '"], ['-n'], [''], ['a=b'], ["it's"]])('keeps %j', (word) => {
    expect(wordsBy(shell, commandLine([word]))).toEqual([word]);
  });
});

test('a NUL is refused', () => {
  expect(() => commandLine(['a\0b'])).toThrow('NUL');
});
