import { describe, expect, test } from '@jest/globals';
import { compileDotNet } from './dotnet-expression.ts';

/** Facts of .NET's engine; each of the first block means something else in JavaScript, or nothing. */
describe('an expression means what it means in .NET', () => {
  test.each<[expression: string, matching: string[], others: string[]]>([
    ['^X-\\p{L}', ['X-ж', 'X-a'], ['X-1', 'p{L}', 'X-p{L}'.replace('X-', 'Y-')]],
    ['^\\P{Lu}', ['a', '1'], ['Ж', 'A']],
    ['^\\p{IsCyrillic}+$', ['слово'], ['word', 'слово1']],
    ['^\\w+$', ['слово_1', 'straße'], ['a b', 'a-b']],
    ['^\\d$', ['5', '٣'], ['x', '½']],
    ['^\\W$', ['-', ' '], ['ж']],
    ['a\\sb', ['a\u0085b', 'a\u00a0b'], ['a\ufeffb', 'ab']],
    ['(?i)^client-', ['CLIENT-1', 'client-1'], ['lient-1']],
    ['(?i)^КЛИЕНТ$', ['клиент'], ['клиен']],
    ['a(?i)b|c', ['aB', 'C', 'ab'], ['Ab']],
    ['(?i:a)b', ['Ab'], ['AB']],
    ['\\Aab\\z', ['ab'], ['ab\n', 'xab']],
    ['ab\\Z', ['ab', 'ab\n'], ['ab\n\n']],
    ['a$', ['a', 'a\n'], ['a\r', 'a\nb']],
    ['(?m)^b$', ['a\nb\nc', 'b'], ['ab']],
    ['^.$', ['\r', '\u2028', 'ж'], ['\n', '😀']],
    ['(?s)^.$', ['\n'], ['']],
    ['^..$', ['😀'], ['ж']],
    ['^[a-z-[aeiou]]+$', ['xyz'], ['xaz']],
    ['^[^a-z-[x]]$', ['A', '1'], ['x', 'a']],
    ['^[]a]$', [']', 'a'], ['b']],
    ['\\a\\e', ['\u0007\u001b'], ['ae']],
    ['\\bкот\\b', ['мой кот.'], ['котик', 'скот']],
    ['(?>a+)b', ['aab'], ['aac']],
    ['(?>a+)ab', [], ['aaab']],
    ['a{,3}', ['a{,3}'], ['aaa']],
    ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
    ['x{', ['x{'], ['x']],
    ['(?<kind>client|server)-(?#which)\\d', ['server-1'], ['other-1']],
    ['^[^$]', ['client-1'], ['$metadata', '']],
    ['^(client|operation)-', ['client-1', 'operation-1'], ['mail-1', 'a-client-1']],
  ])('%s', (expression, matching, others) => {
    const matches = compileDotNet(expression);
    expect(matching.filter((text) => !matches(text))).toEqual([]);
    expect(others.filter((text) => matches(text))).toEqual([]);
  });

  test('characters by their numbers', () => {
    expect(compileDotNet('^\\x41\\u0042\\cM\\041$')('AB\r!')).toBe(true);
  });
});

describe('what .NET refuses, or can not be translated, is refused with its place', () => {
  test.each([
    '\\i',
    '\\_',
    '\\N',
    '\\Q',
    '\\u{74}',
    '\\x4',
    '\\p{Greek}',
    '\\pL',
    '(a',
    'a)',
    '[a',
    '[b-a]',
    '[a-\\d]',
    '[[:alpha:]]',
    '*a',
    'a**',
    'a++',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '\\Ga',
    '(?x) a',
    '(?(a)b|c)',
    '(?<a-b>x)',
    '\\',
  ])('%s', (expression) => {
    expect(() => compileDotNet(expression)).toThrow(/^Regular expression not supported: .*at \d+ of/);
  });
});
