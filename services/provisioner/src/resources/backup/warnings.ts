import type { BackupWarning } from '@alfa-cloud/contracts';

/** Further ones are only counted, which bounds the size of an event. */
const warningsMax = 100;
const nameMax = 100;
const reasonMax = 300;

/** The warnings among the lines of a script's output. @param redact takes secrets out of what the database says */
export const warningsIn = (output: string, redact: (text: string) => string): BackupWarning[] => {
  const rows = output
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([first]) => first === 'warning');
  const warnings = rows.slice(0, warningsMax).map(([, kind = '', name = '', reason = '']) => ({
    kind,
    name: name.slice(0, nameMax),
    reason: redact(reason).slice(0, reasonMax),
  }));
  const more = rows.length - warnings.length;
  return more === 0
    ? warnings
    : [...warnings, { kind: 'object', name: `${more} more`, reason: 'see the operation' }];
};

/** Lines for the log, one an object; empty without warnings. */
export const warningLines = (warnings: readonly BackupWarning[]): string =>
  warnings.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}\n`).join('');

const shownMax = 5;

/** The names of the objects, for a sentence. */
export const namesOf = (warnings: readonly BackupWarning[]): string => {
  const names = warnings.slice(0, shownMax).map(({ kind, name }) => `${kind} ${name}`);
  const more = warnings.length - names.length;
  return `${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
};

/** What a restoration adds to its sentence; empty without warnings. */
export const notBack = (warnings: readonly BackupWarning[]): string =>
  warnings.length === 0 ? '' : `; not back, or not working: ${namesOf(warnings)}`;
