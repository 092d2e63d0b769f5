/** One page of a list, 1-based. `total` counts all that match. */
export interface Page<Item> {
  items: Item[];
  total: number;
}

export interface PageRequest {
  /** From 1. */
  number: number;
  /** 1 to 100. */
  size: number;
}
