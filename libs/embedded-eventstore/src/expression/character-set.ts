/** A set of UTF-16 code units as ascending ranges that do not touch: .NET's expressions see code units, not characters. */
export type CharacterSet = readonly (readonly [first: number, last: number])[];

const LAST_UNIT = 0xffff;

export const EMPTY: CharacterSet = [];
export const EVERYTHING: CharacterSet = [[0, LAST_UNIT]];

export const unit = (code: number): CharacterSet => [[code, code]];
export const range = (first: number, last: number): CharacterSet => [[first, last]];

export function union(...sets: readonly CharacterSet[]): CharacterSet {
  const joined: [number, number][] = [];
  for (const [first, last] of sets.flat().sort(([a], [b]) => a - b)) {
    const previous = joined.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

export function complement(set: CharacterSet): CharacterSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_UNIT) gaps.push([next, LAST_UNIT]);
  return gaps;
}

export const subtract = (set: CharacterSet, other: CharacterSet): CharacterSet =>
  complement(union(complement(set), other));

/** All code units for which the test holds. */
export function unitsWhere(holds: (code: number) => boolean): CharacterSet {
  const found: [number, number][] = [];
  for (let code = 0; code <= LAST_UNIT; code += 1) {
    if (!holds(code)) continue;
    const previous = found.at(-1);
    if (previous !== undefined && previous[1] === code - 1) previous[1] = code;
    else found.push([code, code]);
  }
  return found;
}

/** The set with the upper and lower case of what is in it. */
export function ignoringCase(set: CharacterSet): CharacterSet {
  const relatives: CharacterSet[] = [set];
  for (const [first, last] of set) {
    for (let code = first; code <= last; code += 1) {
      for (const relative of casesOf(code)) relatives.push(unit(relative));
    }
  }
  return union(...relatives);
}

let families: Map<number, number[]> | undefined;

function casesOf(code: number): readonly number[] {
  families ??= caseFamilies();
  return families.get(familyOf(code)) ?? [];
}

function caseFamilies(): Map<number, number[]> {
  const all = new Map<number, number[]>();
  for (let code = 0; code <= LAST_UNIT; code += 1) {
    const family = familyOf(code);
    if (family === code && single(String.fromCharCode(code).toUpperCase(), code) === code) continue;
    const members = all.get(family) ?? [];
    members.push(code);
    all.set(family, members);
  }
  return all;
}

const familyOf = (code: number): number => {
  const upper = single(String.fromCharCode(code).toUpperCase(), code);
  return single(String.fromCharCode(upper).toLowerCase(), upper);
};

/** A letter whose other case takes several code units, such as ß, counts as having none. */
const single = (text: string, otherwise: number): number =>
  text.length === 1 ? text.charCodeAt(0) : otherwise;

const hex = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/** The set as a JavaScript expression; the empty one as an expression that never matches. */
export const toSource = (set: CharacterSet): string =>
  set.length === 0
    ? '(?!)'
    : `[${set.map(([first, last]) => (first === last ? hex(first) : `${hex(first)}-${hex(last)}`)).join('')}]`;
