import type { LogEntry } from '@alfa-cloud/contracts';
import type { LogLine } from './log-lines.ts';

/** The lines of an entry: output of commands is recorded many lines at a time. */
export const entryLines = ({ cursor, at, level, message }: LogEntry): LogLine[] =>
  message
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((text, number) => ({ id: `${cursor}/${number}`, at, level, text }));

/** A text in parts, those that were searched for marked; upper and lower case are the same. */
export const markedParts = (text: string, searched: string): { text: string; isFound: boolean }[] => {
  const found = searched.toLowerCase();
  const inLower = text.toLowerCase();
  // Some letters change their length in lower case: then nothing is marked rather than the wrong letters.
  if (found === '' || inLower.length !== text.length) return [{ text, isFound: false }];
  const parts = [];
  let from = 0;
  for (let at = inLower.indexOf(found); at !== -1; at = inLower.indexOf(found, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), isFound: false });
    from = at + found.length;
    parts.push({ text: text.slice(at, from), isFound: true });
  }
  if (from < text.length) parts.push({ text: text.slice(from), isFound: false });
  return parts;
};
