import { message } from '@alfa-cloud/contracts';
import { CloudServerError } from '../cloud-server-error.ts';

/**
 * A word as a POSIX shell must read it to pass on exactly that word. The only place where words become a command line.
 * @throws CloudServerError `path_refused` for a NUL, which no program can be given
 */
export const quoteWord = (word: string): string => {
  if (word.includes('\0')) {
    throw new CloudServerError(
      'final',
      'path_refused',
      message`A word of a command contains a NUL character`,
    );
  }
  return `'${word.replaceAll("'", `'\\''`)}'`;
};

/** A line on which the login shell of a server runs the program with these arguments. */
export const commandLine = (argv: readonly string[]): string => argv.map(quoteWord).join(' ');
