import { expect, test } from '@jest/globals';
import { treeIn } from './check-out.ts';
import { commitLines } from './commit-lines.ts';

test('commits are read as git writes them, with times in UTC and subjects on one line', () => {
  const line = (subject: string) => ['a'.repeat(40), '2026-11-26T21:00:00+03:00', subject].join('\0');
  expect(commitLines(`${line('first')}\n${line('a\tb\u001b[31mc')}\n${line('')}\n`)).toEqual([
    { sha: 'a'.repeat(40), committedAt: '2026-11-26T18:00:00.000Z', subject: 'first' },
    { sha: 'a'.repeat(40), committedAt: '2026-11-26T18:00:00.000Z', subject: 'a b [31mc' },
    { sha: 'a'.repeat(40), committedAt: '2026-11-26T18:00:00.000Z', subject: '' },
  ]);
  expect(commitLines(line('x'.repeat(1000)))[0]?.subject).toHaveLength(200);
});

test('a tree is measured, its submodules are named', () => {
  const listed =
    '100644 blob aaaa      12\tDockerfile\0' +
    '120000 blob bbbb       3\tlink\0' +
    '160000 commit cccc       -\tlibs/theme\0';
  expect(treeIn(listed)).toEqual({ files: 3, bytes: 15, submodules: ['libs/theme'] });
});
