/** Parts of the probe's answer by name. The last one is left out: nobody knows whether it is whole. */
export const partsOf = (text: string): ReadonlyMap<string, string> => {
  const parts = text.split(/^@(\w+)\n/m).slice(1);
  const whole = new Map<string, string>();
  for (let index = 0; index + 3 < parts.length; index += 2) {
    whole.set(parts[index] ?? '', parts[index + 1] ?? '');
  }
  return whole;
};

/** A count that the kernel tells: null for anything but a whole number from 0 on that can be told exactly. */
export const countOf = (text: string | undefined): number | null => {
  if (text === undefined || !/^\d+$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
};

/** A decimal number from 0 on, else null. */
export const decimalOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d+(?:\.\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;

export const wordsOf = (line: string): string[] => line.trim().split(/\s+/);

/** Null when one of the values is. */
export const allOrNull = <T extends Record<string, unknown>>(
  values: T,
): { [Name in keyof T]: NonNullable<T[Name]> } | null =>
  Object.values(values).includes(null) ? null : (values as { [Name in keyof T]: NonNullable<T[Name]> });
