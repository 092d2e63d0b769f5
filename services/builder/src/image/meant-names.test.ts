import { expect, test } from '@jest/globals';
import { meantBy } from './meant-names.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['alfa:dev', ['alfa:dev']],
  ['alfa', ['alfa:latest']],
  ['docker.io/library/alfa:dev', ['alfa:dev']],
  ['docker.io/alfa:dev', ['alfa:dev']],
  ['index.docker.io/shop/alfa:1', ['shop/alfa:1']],
  ['git.example.org:5000/alfa', ['git.example.org:5000/alfa:latest']],
  ['docker.io.example.org/alfa:1', ['docker.io.example.org/alfa:1']],
  [`alfa:dev@${digest}`, ['alfa:dev', digest]],
  [`git.example.org:5000/alfa@${digest}`, [digest]],
])('%s means what engines list as %j', (reference, names) => {
  expect(meantBy(reference)).toEqual(names);
});
