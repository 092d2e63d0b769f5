/** Thrown for an expression that .NET refuses too, or that can't be given the same meaning here. */
export class UnsupportedExpression extends Error {
  override readonly name = 'UnsupportedExpression';
}

/** Goes through the text of an expression. */
export class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The coming code unit, empty at the end. */
  peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  /** Takes the coming code unit. */
  next(): string {
    if (this.done) throw this.refused('it ends too early');
    const taken = this.peek();
    this.#at += 1;
    return taken;
  }

  /** Takes the text if it comes next. */
  takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Takes what the sticky pattern matches next. */
  takesMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  refused(why: string): UnsupportedExpression {
    return new UnsupportedExpression(
      `Regular expression not supported: ${why}, at ${this.#at} of ${this.#text}`,
    );
  }
}
