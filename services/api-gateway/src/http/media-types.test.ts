import { expect, test } from '@jest/globals';
import { checkContentType, negotiate } from './media-types.ts';

const jsonApi = 'application/vnd.api+json';

test.each([
  jsonApi,
  'Application/VND.API+JSON',
  `${jsonApi}; profile="https://example.test/p"`,
  `${jsonApi};ext=""`,
  'application/json',
  'application/json; charset=UTF-8',
])('a document may be sent as %s', (type) => {
  expect(() => checkContentType(type)).not.toThrow();
});

test.each([
  undefined,
  '',
  'text/json',
  `${jsonApi}; charset=utf-8`,
  `${jsonApi}; ext="https://example.test/e"`,
  `${jsonApi}; profile="x"; q=1`,
  'application/json; charset=latin1',
  `${jsonApi}; =`,
])('a document may not be sent as %s', (type) => {
  expect(() => checkContentType(type)).toThrow('unsupported_media_type');
});

test.each([
  [undefined, 'document'],
  ['*/*', 'document'],
  [`text/html, ${jsonApi}; q=0.5`, 'document'],
  [`${jsonApi}; version=1, ${jsonApi}`, 'document'],
  [`${jsonApi}; profile="a,b"`, 'document'],
  ['application/*', 'document'],
  ['application/json', 'document'],
  ['text/event-stream', 'event-stream'],
])('%s is answered with a %s', (accept, wanted) => {
  expect(negotiate(accept, true)).toBe(wanted);
});

test.each([
  'text/html',
  `${jsonApi}; version=1`,
  `${jsonApi}; version=1, */*`,
  `${jsonApi}; ext="https://example.test/e"`,
  `${jsonApi}; q=0`,
  '',
])('%s is not acceptable', (accept) => {
  expect(() => negotiate(accept, true)).toThrow('not_acceptable');
});

test('events are for paths that offer them', () => {
  expect(() => negotiate('text/event-stream')).toThrow('not_acceptable');
});
