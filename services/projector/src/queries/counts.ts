/** Counts kept at most. */
const countsMax = 1000;

/** Remembers how many rows match a filter, until the rows change. */
export class Counts {
  readonly #known = new Map<string, number>();

  of(key: string, count: () => number): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const counted = count();
    if (this.#known.size >= countsMax) this.#known.clear();
    this.#known.set(key, counted);
    return counted;
  }

  forget(): void {
    this.#known.clear();
  }
}
