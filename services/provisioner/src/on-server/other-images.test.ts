import { expect, test } from '@jest/globals';
import { otherImages } from './other-images.ts';

const others = otherImages(['mariadb:10.11', 'nats', 'registry.test:5000/eventstore']);

test.each<[string, boolean]>([
  ['mariadb:10.11', true],
  ['mariadb:11', false],
  ['nats:2.10-alpine', true],
  ['natsu:2.10', false],
  ['registry.test:5000/eventstore:24.10', true],
  ['registry.test:5000/client:1', false],
])('%s among the images of engines: %s', (reference, expected) => {
  expect(others.includes(reference)).toBe(expected);
});
