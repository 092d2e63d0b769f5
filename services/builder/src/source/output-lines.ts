import type { Readable } from 'node:stream';

const lineMaxChars = 2000;

/**
 * Calls `onLine` for each line of a program's output. A progress display writes over its line again and again; only its last state is a line.
 */
export const outputLines = (stream: Readable, onLine: (line: string) => void): void => {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lastState(lines.pop() ?? '');
    for (const line of lines) tell(line);
  });
  stream.on('end', () => tell(rest));
  const tell = (written: string) => {
    const line = lastState(written).trimEnd();
    if (line !== '') onLine(line.slice(0, lineMaxChars));
  };
};

/** What stands on a line after the last carriage return that something follows; bounded, whatever comes. */
const lastState = (written: string): string =>
  (written.replace(/\r+$/, '').split('\r').at(-1) ?? '').slice(0, lineMaxChars);
