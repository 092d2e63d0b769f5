/** Values kept at most. */
const valuesMax = 1000;

/** What was read from the rows, kept until rows of its kind change. */
export class Remembered<Value> {
  readonly #known = new Map<string, Value>();

  of(key: string, read: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = read();
    if (this.#known.size >= valuesMax) this.#known.clear();
    this.#known.set(key, value);
    return value;
  }

  forget(): void {
    this.#known.clear();
  }
}
