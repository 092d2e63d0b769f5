const escape = String.fromCodePoint(0x1b);
const bell = String.fromCodePoint(0x07);
/** Colours, cursor movements and window titles of terminal programs. */
const terminalSequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\^_])`,
  'g',
);
const controlCharacters = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f\u007f]`, 'g');

const anyControlCharacter = new RegExp(String.raw`[\u0000-\u001f\u007f]`);
/** Almost all output holds none of these. */
const unusualCharacter = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f\u007f]`);

/** Lines of a text as a person would have seen them in a terminal at the end: no control characters, no blank lines around. */
export const textLines = (text: string): string[] => {
  if (!anyControlCharacter.test(text)) return text.trimEnd() === '' ? [] : [text.trimEnd()];
  const lines = unusualCharacter.test(text)
    ? text
        .replaceAll(terminalSequences, '')
        .split(/\r?\n/)
        .map((line) => lastOverwrite(line).replaceAll(controlCharacters, '').trimEnd())
    : text.split('\n').map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== '');
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1);
};

/** A progress bar overwrites its line with carriage returns; only its last state is kept. */
const lastOverwrite = (line: string): string => line.split('\r').findLast((part) => part !== '') ?? '';
