/** A spreadsheet takes what begins so for a formula; an apostrophe before it says that it is text. */
const formula = /^[=+\-@\t\r]/;

const cell = (value: string | number | null): string => {
  if (value === null) return '';
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A table as RFC 4180 has it, with the mark by which spreadsheets know that it is UTF-8. */
export const toCsv = (
  heads: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string => `\uFEFF${[heads, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
