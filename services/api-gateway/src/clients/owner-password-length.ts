import { message, told } from '@alfa-cloud/contracts';
import type { Problem } from '../http/problems.ts';

/**
 * What is wrong with the length of an owner's password. An application's hash may use the first bytes alone (bcrypt: 72) and would then take
 * any password that begins alike.
 * @param limitBytes most bytes in UTF-8 that the application's hash tells apart
 * @param pointer place of the password in the document
 */
export const passwordLengthProblems = (
  password: string | undefined,
  limitBytes: number,
  pointer: string,
): Problem[] => {
  const bytes = Buffer.byteLength(password ?? '');
  if (bytes <= limitBytes) return [];
  const detail = message`has ${bytes} bytes in UTF-8 and may have at most ${limitBytes}: the application's hash ignores what comes after`;
  return [{ code: 'password_too_long', ...told(detail), source: { pointer }, meta: { bytes, limitBytes } }];
};
