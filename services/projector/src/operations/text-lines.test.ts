import { expect, test } from '@jest/globals';
import { textLines } from './text-lines.ts';

test.each([
  ['', []],
  ['\n\n', []],
  ['one', ['one']],
  ['one\r\ntwo\n', ['one', 'two']],
  ['\n\none\n\ntwo\n\n', ['one', '', 'two']],
  ['10 %\r50 %\r100 %\n', ['100 %']],
  ['10 %\r', ['10 %']],
  ['\u001b[1;31mred\u001b[0m and \u001b]0;title\u0007plain', ['red and plain']],
  ['a\u0000b\u0008c\td', ['abc\td']],
])('%j', (text, lines) => {
  expect(textLines(text)).toEqual(lines);
});
