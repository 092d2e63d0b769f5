/**
 * Text as it is compared and sorted: whatever the case and, as Russian readers expect, with ё as е.
 * Made here because SQLite's own `lower()` knows ASCII only.
 */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е');

/** All that a search looks into; the separator keeps a match from reaching over two fields. */
export const searchText = (fields: readonly (string | null)[]): string =>
  fields
    .filter((field) => field !== null)
    .map(folded)
    .join('\n');
