import { expect, test } from '@jest/globals';
import { tagsOf } from './image-tags.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const startedAt = '2026-11-26T18:30:05.123Z';

test('a build has a tag of its own, made of its branch, the moment in UTC and its commit', () => {
  expect(tagsOf({ branch: 'dev', sha }, startedAt)).toEqual({
    tag: 'dev-20261126-183005-0123456',
    movingTag: 'dev',
  });
});

test.each(['feature/x', 'ветка', 'x'.repeat(200), '--upload-pack=x'])(
  'branch %s has tags that Docker takes',
  (branch) => {
    const { tag, movingTag } = tagsOf({ branch, sha }, startedAt);
    for (const each of [tag, movingTag]) expect(each).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
  },
);
