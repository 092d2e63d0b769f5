import type { CharacterSet } from './character-set.ts';
import { range, unit, unitsWhere, union } from './character-set.ts';

const GENERAL_CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/;

/** The blocks that event types and stream names are likely to be written in, by their names in .NET. */
const BLOCKS: Readonly<Record<string, CharacterSet>> = {
  IsBasicLatin: range(0x0000, 0x007f),
  'IsLatin-1Supplement': range(0x0080, 0x00ff),
  'IsLatinExtended-A': range(0x0100, 0x017f),
  'IsLatinExtended-B': range(0x0180, 0x024f),
  IsGreek: range(0x0370, 0x03ff),
  IsGreekandCoptic: range(0x0370, 0x03ff),
  IsCyrillic: range(0x0400, 0x04ff),
  IsCyrillicSupplement: range(0x0500, 0x052f),
  IsArmenian: range(0x0530, 0x058f),
  IsHebrew: range(0x0590, 0x05ff),
  IsArabic: range(0x0600, 0x06ff),
  IsHiragana: range(0x3040, 0x309f),
  IsKatakana: range(0x30a0, 0x30ff),
  IsCJKUnifiedIdeographs: range(0x4e00, 0x9fff),
};

const known = new Map<string, CharacterSet>();

/** What `\p{name}` stands for, `undefined` for a name that is not known here. */
export function namedSet(name: string): CharacterSet | undefined {
  if (Object.hasOwn(BLOCKS, name)) return BLOCKS[name];
  if (!GENERAL_CATEGORY.test(name)) return undefined;
  let set = known.get(name);
  if (set === undefined) {
    const pattern = new RegExp(`^\\p{${name}}$`, 'u');
    set = unitsWhere((code) => pattern.test(String.fromCharCode(code)));
    known.set(name, set);
  }
  return set;
}

const category = (name: string): CharacterSet => namedSet(name) as CharacterSet;

export const digits = (): CharacterSet => category('Nd');
export const wordCharacters = (): CharacterSet =>
  union(category('L'), category('Mn'), category('Nd'), category('Pc'));
/** For `\b` the two joiners count as well. */
export const boundaryCharacters = (): CharacterSet => union(wordCharacters(), range(0x200c, 0x200d));
export const whiteSpace = (): CharacterSet => union(range(0x09, 0x0d), unit(0x85), category('Z'));
