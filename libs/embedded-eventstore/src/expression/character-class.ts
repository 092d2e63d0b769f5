import type { CharacterSet } from './character-set.ts';
import { EMPTY, complement, ignoringCase, range, subtract, union, unit } from './character-set.ts';
import { readEscape } from './escapes.ts';
import type { PatternReader } from './pattern-reader.ts';

/** Reads a class whose opening bracket has been read. @throws UnsupportedExpression */
export function readClass(reader: PatternReader, ignoreCase: boolean): CharacterSet {
  const isNegated = reader.takes('^');
  let set = EMPTY;
  let removed = EMPTY;
  for (let isFirst = true; isFirst || !reader.takes(']'); isFirst = false) {
    if (!isFirst && reader.takes('-[')) {
      removed = readClass(reader, ignoreCase);
      if (!reader.takes(']')) throw reader.refused('a subtraction ends its class');
      break;
    }
    set = union(set, readMember(reader));
  }
  if (ignoreCase) set = ignoringCase(set);
  return subtract(isNegated ? complement(set) : set, removed);
}

function readMember(reader: PatternReader): CharacterSet {
  if (reader.peek() === '[' && reader.peek(1) === ':') throw reader.refused('POSIX classes have no meaning');
  const first = readEnd(reader);
  const isRange = reader.peek() === '-' && reader.peek(1) !== ']' && reader.peek(1) !== '[';
  if (!isRange) return first.set;
  reader.next();
  const last = readEnd(reader);
  const [from, to] = [first.code, last.code];
  if (from === undefined || to === undefined) throw reader.refused('a class is no end of a range');
  if (from > to) throw reader.refused('a range is in reverse order');
  return range(from, to);
}

interface End {
  readonly set: CharacterSet;
  /** Absent when it stands for several characters. */
  readonly code: number | undefined;
}

function readEnd(reader: PatternReader): End {
  const letter = reader.next();
  if (letter !== '\\') return { set: unit(letter.charCodeAt(0)), code: letter.charCodeAt(0) };
  // Inside a class this is the backspace.
  if (reader.takes('b')) return { set: unit(0x08), code: 0x08 };
  const { set, isClass } = readEscape(reader);
  return { set, code: isClass ? undefined : set[0]?.[0] };
}
