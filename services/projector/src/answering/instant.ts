import { message, conforms, Instant, reject } from '@alfa-cloud/contracts';

/**
 * A moment asked for, in the one form in which events carry theirs, so that texts compare as moments do.
 * @throws Rejection `validation_failed`
 */
export const instant = <Text extends string | undefined>(text: Text, parameter: string): Text | string => {
  if (text === undefined) return text;
  const moment = new Date(text);
  if (!conforms(Instant, text) || Number.isNaN(moment.getTime())) {
    throw reject('validation_failed', message`must be a moment like 2026-11-22T18:00:00Z`, { parameter });
  }
  return moment.toISOString();
};
