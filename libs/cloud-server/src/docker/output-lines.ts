import type { OutputLine } from './docker-engine.ts';

/** Takes output with the engine's time in front of each line apart, both streams, oldest first. */
export const createLineReader = () => {
  const partial = { stdout: '', stderr: '' };
  const lines: OutputLine[] = [];
  const take = (line: string): void => {
    const blank = line.indexOf(' ');
    if (blank < 0) return;
    const at = line.slice(0, blank);
    // A line longer than the engine's buffer comes in parts that carry the same time each, without a line's end between them.
    lines.push({ at, text: line.slice(blank + 1).replaceAll(`${at} `, '') });
  };
  return {
    write(stream: 'stdout' | 'stderr', text: string): void {
      const parts = (partial[stream] + text).split('\n');
      partial[stream] = parts.pop() ?? '';
      for (const part of parts) take(part.endsWith('\r') ? part.slice(0, -1) : part);
    },
    /** What was read. The streams are written by two hands, so their times may cross by a little. */
    end(): OutputLine[] {
      take(partial.stdout);
      take(partial.stderr);
      return lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    },
  };
};

/** A line's time as the engine wants it: seconds and nanoseconds since 1970. */
export const engineTime = (at: string): string => {
  const nanoseconds = /\.(\d{1,9})/.exec(at)?.[1] ?? '0';
  return `${Math.floor(Date.parse(at) / 1000)}.${nanoseconds.padEnd(9, '0')}`;
};
