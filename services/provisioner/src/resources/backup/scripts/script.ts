/**
 * What is done where the data lies, in bash (of the database's image, which has it with gzip, tar and coreutils). Arguments come as
 * positional parameters and never become part of a script. `$0` names the script, for people who look at running processes.
 * A file is written under a name that says it is not finished, and gets its own only when it was read again and found whole.
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

/** Exit codes of the scripts' own; all others are those of the programs that they run. */
export const scriptExit = {
  noDirectory: 90,
  missing: 91,
  damaged: 92,
  differs: 93,
  rowTooLarge: 94,
} as const;

/** The last line of a script's output as names and values; null when it is none. */
export const parseFacts = (output: string): Readonly<Record<string, string>> | null => {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const pairs = line.split(' ').map((word) => word.split('='));
  return pairs.every((pair) => pair.length === 2)
    ? Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]))
    : null;
};
