import type { Page, PageRequest } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';

const pageSize = 100;
const listingsMax = 10;
const relistMs = 200;

/**
 * All of a list that is answered page by page, none left out: when something has come or gone between two pages, one that has moved to an earlier
 * page would be missing, and the list is read again.
 * @returns null when it has changed each time
 */
export const listWhole = async <Item extends { id: string }>(
  ask: (page: PageRequest) => Promise<Page<Item>>,
  signal?: AbortSignal,
): Promise<Item[] | null> => {
  for (let listing = 0; listing < listingsMax; listing += 1) {
    const found = await listOnce(ask);
    if (found !== null) return found;
    await sleep(relistMs, signal);
  }
  return null;
};

const listOnce = async <Item extends { id: string }>(
  ask: (page: PageRequest) => Promise<Page<Item>>,
): Promise<Item[] | null> => {
  const found = new Map<string, Item>();
  const totals = new Set<number>();
  for (let number = 1; ; number += 1) {
    const { items, total } = await ask({ number, size: pageSize });
    for (const item of items) found.set(item.id, item);
    totals.add(total);
    if (totals.size > 1) return null;
    if (items.length < pageSize) return found.size === total ? [...found.values()] : null;
  }
};
