import { expect, test } from '@jest/globals';
import { messageInWords } from '@alfa-cloud/contracts';
import { branchFault } from './branch-name.ts';
import { tagOfBranch } from './branch-tag.ts';
import { missingBranch } from './remote-branches.ts';

const sentence = (name: string) => {
  const fault = branchFault(name);
  return fault === null ? null : messageInWords('en', fault);
};

test.each([
  'dev',
  'master',
  'feature/x',
  'feature-x',
  'ветка',
  'release/1.0',
  'a@b',
  'x'.repeat(200),
  'v1.0+rc',
])('branch %s may be built', (name) => expect(sentence(name)).toBeNull());

test.each([
  ['', 'no empty name'],
  ['--upload-pack=touch /tmp/x', 'hyphen'],
  ['-x', 'hyphen'],
  ['a..b', '..'],
  ['a b', 'blanks'],
  ['a\nb', 'control characters'],
  ['a~1', '~'],
  ['dev^{commit}', '^'],
  ['dev:refs/heads/x', ':'],
  ['*', '*'],
  ['a@{1}', '@{'],
  ['@', '@'],
  ['/a', 'slash'],
  ['a/', 'slash'],
  ['a//b', 'slash'],
  ['.a', 'dot'],
  ['a/.b', 'dot'],
  ['a.', 'dot'],
  ['a.lock', '.lock'],
  ['a.lock/b', '.lock'],
  ['a\\b', '\\'],
  ['HEAD', 'HEAD'],
  ['refs/heads/dev', 'refs/'],
  ['x'.repeat(201), '200 bytes'],
  ['ж'.repeat(101), '200 bytes'],
])('branch %j is refused in words', (name, word) => expect(sentence(name)).toContain(word));

test.each(['dev', 'master', 'feature-x', 'release_1.0'])('a plain name is its own tag: %s', (name) =>
  expect(tagOfBranch(name)).toBe(name),
);

const awkward = [
  'feature/x',
  'feature-x',
  'feature--x',
  'feature_x',
  'Feature/x',
  'feature/X',
  'ветка',
  'ветки',
  'dev',
  'DEV',
  'dev-20261126-120000-abcdef0',
  `${'x'.repeat(199)}a`,
  `${'x'.repeat(199)}b`,
  `feature-x--${'0'.repeat(16)}`,
];

test('no two branches have the same tag, not even with the ending of a build', () => {
  const build = '-20261126-120000-abcdef0';
  const tags = awkward.map(tagOfBranch);
  expect(new Set([...tags, ...tags.map((tag) => `${tag}${build}`)]).size).toBe(2 * awkward.length);
});

test.each(awkward)('the tag of %s is one for Docker, with room for date and commit', (name) =>
  expect(`${tagOfBranch(name)}-20261126-120000-abcdef0`).toMatch(/^\w[\w.-]{0,127}$/),
);

test('a branch that is missing is told with those that are there', () => {
  const words = (branch: string, branches: string[]) => {
    const missing = missingBranch(branch, branches);
    return missing === null ? null : [missing.code, messageInWords('en', missing.words)];
  };
  expect(words('dev', ['dev'])).toBeNull();
  expect(words('dev', [])).toEqual(['repository_empty', 'The repository is empty: push a branch dev to it']);
  expect(words('dev', ['main', 'develop'])).toEqual([
    'branch_missing',
    'The repository has no branch dev; it has main, develop',
  ]);
  expect(
    words(
      'dev',
      Array.from({ length: 99 }, (_, index) => `b${index}`),
    )?.[1],
  ).toMatch(/b9, …$/);
});
