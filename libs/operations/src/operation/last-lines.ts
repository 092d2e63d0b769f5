import { message, type Message } from '@alfa-cloud/contracts';

const linesMax = 20;
/** An event takes a reason of 2000 characters: what is above all these lines must fit, too. */
const charactersMax = 1600;

/** The end of an output, at most 20 lines and 1600 characters, for a reason that people read. Redact it before: a cut secret is not recognised. */
export const lastLinesOf = (output: string): string => {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-linesMax)
    .join('\n');
  return lines.length > charactersMax ? `…${lines.slice(1 - charactersMax)}` : lines;
};

/** A sentence, and below it the last lines of an output if there are any. */
export const withLastLines = (sentence: Message, whose: Message, output: string): Message => {
  const lines = lastLinesOf(output);
  return lines === ''
    ? message`${sentence}; ${whose} is empty`
    : message`${sentence}. Last lines of ${whose}:\n${lines}`;
};

/** The sentence of {@link withLastLines} alone, for a place where the lines would be too long or stand already. */
export const withoutLastLines = (reason: Message): Message => {
  const [sentence] = reason.values;
  if (reason.template.includes(linesBelow) && typeof sentence === 'object') return sentence;
  if (reason.values.length > 0) return reason;
  // Former versions stored sentence and lines as one text.
  const [firstLine = ''] = reason.template.split('\n', 1);
  return { template: firstLine.replace(/\. Last lines of [^:]*:$/, ''), values: [] };
};

const linesBelow = ':\n{}';
