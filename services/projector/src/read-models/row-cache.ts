/**
 * Rows in the hands of the projections: read once, changed in memory by any number of events, written once when the batch ends.
 * Most events of a batch belong to few operations, so this saves most of the database work.
 */
export class RowCache<Row> {
  readonly #load: (id: string) => Row | null;
  readonly #write: (row: Row) => void;
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Set<string>();

  constructor(load: (id: string) => Row | null, write: (row: Row) => void) {
    this.#load = load;
    this.#write = write;
  }

  get(id: string): Row | null {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const row = this.#load(id);
    if (row !== null) this.#rows.set(id, row);
    return row;
  }

  set(id: string, row: Row): void {
    this.#rows.set(id, row);
    this.#changed.add(id);
  }

  /**
   * Writes what has changed, in the order of the first change, so that new rows stand in the order of their first events.
   * @returns ids of the rows written
   */
  flush(): string[] {
    const ids = [...this.#changed];
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row !== undefined) this.#write(row);
    }
    this.#changed.clear();
    if (this.#rows.size > cachedRowsMax) this.#rows.clear();
    return ids;
  }

  /** Forgets everything, after a transaction that failed. */
  clear(): void {
    this.#rows.clear();
    this.#changed.clear();
  }
}

/** Rows kept between batches at most. */
const cachedRowsMax = 2000;
