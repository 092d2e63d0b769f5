import type { PageRequest } from '@alfa-cloud/contracts';

const sizeMax = 100;

/** `LIMIT` and `OFFSET` of a page, whatever numbers were asked for. */
export const limitOf = ({ number, size }: PageRequest): [limit: number, offset: number] => {
  const limit = between(size, 1, sizeMax);
  return [
    limit,
    between((between(number, 1, Number.MAX_SAFE_INTEGER) - 1) * limit, 0, Number.MAX_SAFE_INTEGER),
  ];
};

const between = (value: number, min: number, max: number): number =>
  Math.min(max, Math.max(min, Math.trunc(Number.isNaN(value) ? min : value)));
