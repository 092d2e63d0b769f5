import type { ConfigReader } from '@alfa-cloud/service-kit';
import { isTimeZone } from '../schedule/days.ts';
import type { WarningRules } from '../schedule/due-warning.ts';

export interface ScheduleConfig extends WarningRules {
  /** False: no warning goes out by itself. */
  enabled: boolean;
}

const daysMax = 365;

/** @param faults takes up what is not valid */
export const readSchedule = (read: ConfigReader, faults: string[]): ScheduleConfig => {
  const timeZone = read.string('ALFA_TIME_ZONE', 'UTC');
  if (!isTimeZone(timeZone)) faults.push(`ALFA_TIME_ZONE: "${timeZone}" is not a time zone`);
  const at = read.string('ALFA_EXPIRE_MAIL_AT', '09:00');
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(at)) {
    faults.push(`ALFA_EXPIRE_MAIL_AT must be a time like 09:00, not "${at}"`);
  }
  const days = read.list('ALFA_EXPIRE_MAIL_DAYS', ['30', '14', '7', '3', '1', '0']);
  if (!days.every((text) => /^\d{1,3}$/.test(text) && Number(text) <= daysMax)) {
    faults.push(`ALFA_EXPIRE_MAIL_DAYS must be numbers of days up to ${daysMax} like 30,14,7,3,1,0`);
  }
  return {
    enabled: read.boolean('ALFA_EXPIRE_MAILS', true),
    thresholdsDays: days.map(Number),
    at,
    timeZone,
  };
};
