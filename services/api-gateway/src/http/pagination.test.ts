import { expect, test } from '@jest/globals';
import { pageLinks } from './pagination.ts';

const link = (number: number, kept = ''): string =>
  `/clients?${kept}page%5Bnumber%5D=${number}&page%5Bsize%5D=20`;

test('a page in the middle', () => {
  const search = 'filter[status]=active&page[number]=2&page%5bsize%5d=20&sort=-name';
  const kept = 'filter[status]=active&sort=-name&';
  expect(pageLinks('/clients', search, { number: 2, size: 20, total: 41 })).toEqual({
    self: link(2, kept),
    first: link(1, kept),
    prev: link(1, kept),
    next: link(3, kept),
    last: link(3, kept),
  });
});

test('nothing at all is one empty page', () => {
  expect(pageLinks('/clients', '', { number: 1, size: 20, total: 0 })).toEqual({
    self: link(1),
    first: link(1),
    prev: null,
    next: null,
    last: link(1),
  });
});

test('beyond the last page the way back leads to it', () => {
  expect(pageLinks('/clients', '', { number: 9, size: 20, total: 20 })).toMatchObject({
    prev: link(1),
    next: null,
  });
});
