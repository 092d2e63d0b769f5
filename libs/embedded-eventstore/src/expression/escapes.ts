import { digits, namedSet, whiteSpace, wordCharacters } from './categories.ts';
import type { CharacterSet } from './character-set.ts';
import { complement, unit } from './character-set.ts';
import type { PatternReader } from './pattern-reader.ts';

const CONTROL: Readonly<Record<string, number>> = {
  a: 0x07,
  e: 0x1b,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
};
const CLASSES: Readonly<Record<string, () => CharacterSet>> = {
  d: digits,
  D: () => complement(digits()),
  w: wordCharacters,
  W: () => complement(wordCharacters()),
  s: whiteSpace,
  S: () => complement(whiteSpace()),
};

/** What an escape stands for; `isClass` when it may be no end of a range. */
export interface Escaped {
  readonly set: CharacterSet;
  readonly isClass: boolean;
}

/** Reads what follows a backslash and stands for characters. @throws UnsupportedExpression */
export function readEscape(reader: PatternReader): Escaped {
  const letter = reader.next();
  const toClass = CLASSES[letter];
  if (toClass !== undefined) return { set: toClass(), isClass: true };
  if (letter === 'p' || letter === 'P') return { set: readNamed(reader, letter === 'P'), isClass: true };
  return { set: unit(readCode(reader, letter)), isClass: false };
}

function readNamed(reader: PatternReader, isNegated: boolean): CharacterSet {
  const name = reader.takesMatch(/\{([^}]*)\}/y)?.[1];
  const set = name === undefined ? undefined : namedSet(name);
  if (set === undefined) throw reader.refused(`the class ${name ?? ''} is not known`);
  return isNegated ? complement(set) : set;
}

function readCode(reader: PatternReader, letter: string): number {
  const control = CONTROL[letter];
  if (control !== undefined) return control;
  if (letter === 'x' || letter === 'u') {
    const code = reader.takesMatch(letter === 'x' ? /[\dA-Fa-f]{2}/y : /[\dA-Fa-f]{4}/y)?.[0];
    if (code === undefined) throw reader.refused('hexadecimal digits are missing');
    return Number.parseInt(code, 16);
  }
  if (letter === 'c') {
    const key = reader.takesMatch(/[@-_a-z]/y)?.[0].toUpperCase();
    if (key === undefined) throw reader.refused('the control character is missing');
    return key.charCodeAt(0) - 0x40;
  }
  if (letter === '0') return Number.parseInt(reader.takesMatch(/[0-7]{0,2}/y)?.[0] || '0', 8);
  if (/\w/.test(letter) || isWord(letter)) throw reader.refused(`\\${letter} has no meaning`);
  return letter.charCodeAt(0);
}

const isWord = (letter: string): boolean => {
  const code = letter.charCodeAt(0);
  return wordCharacters().some(([first, last]) => code >= first && code <= last);
};
