type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or close' | 'end';

const blanks = /[ \t\n\r]*/y;
const text = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** End of what a sticky pattern finds at an offset, or null. */
const match = (pattern: RegExp, source: string, offset: number): number | null => {
  pattern.lastIndex = offset;
  return pattern.test(source) ? pattern.lastIndex : null;
};

/**
 * Where a text stops being JSON: offset of the first token that doesn't belong there, or its length when it ends too early.
 * `JSON.parse` leaves the place out of many of its messages and quotes the text instead.
 */
export const jsonErrorOffset = (source: string): number => {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    offset = match(blanks, source, offset) ?? offset;
    const step = read(source, offset, expected, open);
    if (step === null) return offset;
    ({ expected, offset } = step);
  }
};

const afterValue = (open: readonly string[]): Expected => (open.length === 0 ? 'end' : 'comma or close');

const read = (
  source: string,
  offset: number,
  expected: Expected,
  open: ('{' | '[')[],
): { expected: Expected; offset: number } | null => {
  const sign = source[offset];
  const next = offset + 1;
  if (expected === 'colon') return sign === ':' ? { expected: 'value', offset: next } : null;
  if (expected === 'key' || expected === 'key or }') {
    const end = match(text, source, offset);
    if (end !== null) return { expected: 'colon', offset: end };
    return expected === 'key or }' && sign === '}' ? close(open, next) : null;
  }
  if (expected === 'comma or close') {
    const inObject = open.at(-1) === '{';
    if (sign === ',') return { expected: inObject ? 'key' : 'value', offset: next };
    return sign === (inObject ? '}' : ']') ? close(open, next) : null;
  }
  if (expected === 'end') return null;
  if (expected === 'value or ]' && sign === ']') return close(open, next);
  if (sign === '{' || sign === '[') {
    open.push(sign);
    return { expected: sign === '{' ? 'key or }' : 'value or ]', offset: next };
  }
  const end = match(text, source, offset) ?? match(scalar, source, offset);
  return end === null ? null : { expected: afterValue(open), offset: end };
};

const close = (open: ('{' | '[')[], offset: number): { expected: Expected; offset: number } => {
  open.pop();
  return { expected: afterValue(open), offset };
};
