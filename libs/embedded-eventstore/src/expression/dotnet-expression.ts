import { boundaryCharacters } from './categories.ts';
import { readClass } from './character-class.ts';
import type { CharacterSet } from './character-set.ts';
import { EVERYTHING, complement, ignoringCase, toSource, unit } from './character-set.ts';
import { readEscape } from './escapes.ts';
import { PatternReader, UnsupportedExpression } from './pattern-reader.ts';

/**
 * Regular expressions of filters are .NET's, as on a real server. They are translated to JavaScript's over UTF-16 code units, every class spelled out, so that
 * they match the same; what can't be translated is refused and never matches nothing in silence: back references, conditions, balancing groups, the options x and
 * RightToLeft, \G, and rare block names.
 */

interface Options {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly singleLine: boolean;
}

const NEWLINE = unit(0x0a);
const NO_OPTIONS: Options = { ignoreCase: false, multiline: false, singleLine: false };
const OPTION_LETTERS = /([imns]*)(?:-([imns]*))?:/y;
/** Matches at the end, or before a final newline. */
const BEFORE_END = '(?=\\n?(?![^]))';
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;

/** Compiles an expression to a test whether it matches anywhere in a text. @throws UnsupportedExpression */
export function compileDotNet(expression: string): (text: string) => boolean {
  const translation = new Translation(expression).whole();
  let compiled: RegExp;
  try {
    compiled = new RegExp(translation);
  } catch (error) {
    throw new UnsupportedExpression(`Regular expression not supported: ${(error as Error).message}`);
  }
  return (text) => compiled.test(text);
}

class Translation {
  readonly #reader: PatternReader;
  #atomic = 0;

  constructor(expression: string) {
    this.#reader = new PatternReader(expression);
  }

  whole(): string {
    const source = this.#alternatives(NO_OPTIONS);
    if (!this.#reader.done) throw this.#reader.refused('a bracket is closed that was not opened');
    return source;
  }

  /** Translates up to the closing bracket or the end. Options set inside apply until there, in later alternatives too. */
  #alternatives(given: Options): string {
    let options = given;
    let source = '';
    while (!this.#reader.done && this.#reader.peek() !== ')') {
      if (this.#reader.takes('|')) {
        source += '|';
        continue;
      }
      if (this.#reader.takes('(?#')) {
        if (this.#reader.takesMatch(/[^)]*\)/y) === undefined)
          throw this.#reader.refused('a comment does not end');
        continue;
      }
      const changed = this.#optionsAlone(options);
      if (changed === undefined) source += this.#quantified(options);
      else options = changed;
    }
    return source;
  }

  /** `(?i)` and its like. */
  #optionsAlone(options: Options): Options | undefined {
    const alone = this.#reader.takesMatch(/\(\?([imns]*)(?:-([imns]*))?\)/y);
    return alone === undefined ? undefined : withLetters(options, alone[1], alone[2]);
  }

  #quantified(options: Options): string {
    const atom = this.#atom(options);
    const quantifier = this.#reader.takesMatch(QUANTIFIER)?.[0];
    if (quantifier === undefined) return atom;
    if (this.#reader.takesMatch(QUANTIFIER) !== undefined)
      throw this.#reader.refused('a quantifier has nothing to repeat');
    return `(?:${atom})${quantifier}`;
  }

  #atom(options: Options): string {
    const reader = this.#reader;
    if (reader.takesMatch(QUANTIFIER) !== undefined)
      throw reader.refused('a quantifier has nothing to repeat');
    const letter = reader.next();
    switch (letter) {
      case '(':
        return this.#group(options);
      case '[':
        return toSource(readClass(reader, options.ignoreCase));
      case '.':
        return toSource(options.singleLine ? EVERYTHING : complement(NEWLINE));
      case '^':
        return options.multiline ? '(?<![^\\n])' : '^';
      case '$':
        return options.multiline ? '(?![^\\n])' : BEFORE_END;
      case '\\':
        return this.#escaped(options);
      default:
        return characters(unit(letter.charCodeAt(0)), options);
    }
  }

  #escaped(options: Options): string {
    const reader = this.#reader;
    if (reader.takes('A')) return '^';
    if (reader.takes('z')) return '(?![^])';
    if (reader.takes('Z')) return BEFORE_END;
    if (reader.takes('b')) return boundary(true);
    if (reader.takes('B')) return boundary(false);
    if (/[Gk1-9]/.test(reader.peek())) throw reader.refused(`\\${reader.peek()} can not be translated`);
    return characters(readEscape(reader).set, options);
  }

  /** What follows an opening bracket. Captures have no use without back references. */
  #group(options: Options): string {
    const reader = this.#reader;
    if (!reader.takes('?')) return this.#enclosed('(?:', options);
    for (const kind of ['=', '!', '<=', '<!', ':']) {
      if (reader.takes(kind)) return this.#enclosed(`(?${kind}`, options);
    }
    if (reader.takes('>')) {
      this.#atomic += 1;
      const name = `atomic${this.#atomic}`;
      return `(?:(?=${this.#enclosed(`(?<${name}>`, options)})\\k<${name}>)`;
    }
    if (reader.takesMatch(/<[A-Za-z_]\w*>|'[A-Za-z_]\w*'/y) !== undefined)
      return this.#enclosed('(?:', options);
    const letters = reader.takesMatch(OPTION_LETTERS);
    if (letters !== undefined) return this.#enclosed('(?:', withLetters(options, letters[1], letters[2]));
    throw reader.refused('this kind of group can not be translated');
  }

  #enclosed(start: string, options: Options): string {
    const source = this.#alternatives(options);
    if (!this.#reader.takes(')')) throw this.#reader.refused('a bracket is not closed');
    return `${start}${source})`;
  }
}

const withLetters = (options: Options, on = '', off = ''): Options => {
  const after = (name: string, before: boolean) => (before || on.includes(name)) && !off.includes(name);
  return {
    ignoreCase: after('i', options.ignoreCase),
    multiline: after('m', options.multiline),
    singleLine: after('s', options.singleLine),
  };
};

const characters = (set: CharacterSet, { ignoreCase }: Options): string =>
  toSource(ignoreCase ? ignoringCase(set) : set);

function boundary(isOne: boolean): string {
  const word = toSource(boundaryCharacters());
  return isOne
    ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
}
