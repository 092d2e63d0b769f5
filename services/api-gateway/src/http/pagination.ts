import type { PageRequest } from '@alfa-cloud/contracts';
import { Type } from 'typebox';

/** Resources on a page unless the sender says otherwise. */
export const defaultPageSize = 25;

/** Query parameters of every list that comes in pages. */
export const pageParameters = {
  'page[number]': Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  'page[size]': Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
};

/**
 * Links to the neighbouring pages; the sender's other parameters stay as they are.
 * @param path path of the list
 * @param search the request's query, without `?`
 */
export const pageLinks = (
  path: string,
  search: string,
  page: { number: number; size: number; total: number },
): Record<string, string | null> => {
  const kept = search
    .split('&')
    .filter((part) => part !== '' && !/^page(?:\[|%5[Bb])(?:number|size)(?:\]|%5[Dd])=/.test(part));
  const last = Math.max(1, Math.ceil(page.total / page.size));
  const linkTo = (number: number): string =>
    `${path}?${[...kept, `page%5Bnumber%5D=${number}`, `page%5Bsize%5D=${page.size}`].join('&')}`;
  return {
    self: linkTo(page.number),
    first: linkTo(1),
    prev: page.number > 1 ? linkTo(Math.min(page.number - 1, last)) : null,
    next: page.number < last ? linkTo(page.number + 1) : null,
    last: linkTo(last),
  };
};

/** The page that the parameters ask for. */
export const pageOf = (parameters: { 'page[number]'?: number; 'page[size]'?: number }): PageRequest => ({
  number: parameters['page[number]'] ?? 1,
  size: parameters['page[size]'] ?? defaultPageSize,
});
