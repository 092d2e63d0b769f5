import { message, reject } from '@alfa-cloud/contracts';

/** Place of a line in an operation's log: revision of its event and number of the line in it, from 0. */
export interface LogCursor {
  revision: number;
  line: number;
}

export const formatCursor = ({ revision, line }: LogCursor): string => `${revision}-${line}`;

/** @throws Rejection `validation_failed` when the text is not a cursor */
export const parseCursor = (text: string): LogCursor => {
  const match = /^(\d{1,15})-(\d{1,9})$/.exec(text);
  if (match === null) {
    throw reject('validation_failed', message`is not a cursor that a log has given out`, {
      parameter: 'page[after]',
    });
  }
  return { revision: Number(match[1]), line: Number(match[2]) };
};
