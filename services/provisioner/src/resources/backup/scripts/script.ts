/**
 * Bash scripts that run where the data is, in a container of the database's image, which has bash, gzip, tar and coreutils. Arguments are
 * positional parameters and never become part of a script. `$0` names the script for people who look at running processes. A script writes a
 * file under a temporary name and renames it once it was read again and found whole.
 */
export interface Script {
  name: string;
  text: string;
}

export const scriptArgv = ({ name, text }: Script, words: readonly string[]): string[] => [
  'bash',
  '-c',
  text,
  name,
  ...words,
];

/** Exit codes of the scripts themselves; all others come from the programs that they run. */
export const scriptExit = {
  noDirectory: 90,
  missing: 91,
  damaged: 92,
  differs: 93,
  rowTooLarge: 94,
} as const;

/** The names and values in the last line of a script's output; null when it holds none. */
export const parseFacts = (output: string): Readonly<Record<string, string>> | null => {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const pairs = line.split(' ').map((word) => word.split('='));
  return pairs.every((pair) => pair.length === 2)
    ? Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]))
    : null;
};
