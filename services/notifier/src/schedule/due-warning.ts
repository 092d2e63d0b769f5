import { daysBetween, localTime, plusDays } from './days.ts';

/** When warnings of the end of use are sent. */
export interface WarningRules {
  /** Days before the last day of use; 0 is that day itself. */
  thresholdsDays: readonly number[];
  /** Local time from which a day's warnings are sent, `HH:MM`. */
  at: string;
  /** IANA name. */
  timeZone: string;
}

/** What of a client decides on its warnings. */
export interface WarnedClient {
  /** Last day of use. */
  expireDate: string;
  /** When that was set, RFC 3339. */
  expireDateSetAt: string;
  /** A copy on a stage server is not told of: its source is. Default false. */
  isCopy?: boolean;
  /** False: the client is not warned. Default true. */
  expiryWarnings?: boolean;
}

/**
 * The threshold whose warning a client should have had by now, in days; null when there is none. It is the nearest one that has been reached,
 * so that what was missed is made up for by one mail. A threshold counts only when its day came after the day on which the date was set: who has
 * just agreed on a date is not told of it at once; the last day itself always counts. Nothing is due before the time of day, nor after the last
 * day. Pure; together with one mail for each client, date and threshold, asking it as often as one likes gives each warning once.
 */
export const dueWarning = (client: WarnedClient, now: Date, rules: WarningRules): number | null => {
  const { day, time } = localTime(rules.timeZone, now);
  if (time < rules.at || client.isCopy === true || client.expiryWarnings === false) return null;
  const daysLeft = daysBetween(day, client.expireDate);
  if (daysLeft < 0) return null;
  const reached = rules.thresholdsDays.filter((threshold) => threshold >= daysLeft);
  if (reached.length === 0) return null;
  const nearest = Math.min(...reached);
  const setOn = localTime(rules.timeZone, new Date(client.expireDateSetAt)).day;
  const isAnnounced = nearest === 0 || plusDays(client.expireDate, -nearest) > setOn;
  return isAnnounced ? nearest : null;
};

/** Whether a warning still says what is to be said: the date is the same, and no nearer threshold has been reached since. */
export const isWarningCurrent = (
  warning: { expireDate: string; thresholdDays: number },
  client: WarnedClient,
  now: Date,
  rules: Pick<WarningRules, 'thresholdsDays' | 'timeZone'>,
): boolean => {
  if (warning.expireDate !== client.expireDate) return false;
  const daysLeft = daysBetween(localTime(rules.timeZone, now).day, client.expireDate);
  const nearer = rules.thresholdsDays.filter(
    (threshold) => threshold < warning.thresholdDays && threshold >= daysLeft,
  );
  return daysLeft >= 0 && nearer.length === 0;
};
