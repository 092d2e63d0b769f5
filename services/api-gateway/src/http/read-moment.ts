import { message } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { refuse } from './problems.ts';

/** Query parameter that holds a moment, RFC 3339. */
export const Moment = Type.Optional(Type.String({ format: 'date-time', maxLength: 40 }));

/**
 * A moment of a query parameter as the read models write theirs: UTC, to the millisecond.
 * @throws RequestRefused for a moment that RFC 3339 can write and no clock here can show, like a leap second
 */
export const readMoment = (parameter: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) {
    const detail = message`"${parameter}" must be a moment like 2026-11-22T18:00:00Z`;
    throw refuse('invalid_parameter', detail, { parameter });
  }
  return moment.toISOString();
};
