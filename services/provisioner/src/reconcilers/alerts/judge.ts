import { type AlertKey, isSameAlert, type KnownAlert } from '@alfa-cloud/servers';
import type { Condition, Observation } from './conditions.ts';

/** Since when something has been bad (or good, where an alert is raised) without a break. */
export interface Standing {
  level: 'bad' | 'good';
  since: number;
  /** When it was seen so last. */
  seenAt: number;
}

/** By {@link keyOf}. */
export type Standings = ReadonlyMap<string, Standing>;

export interface JudgeOptions {
  now: number;
  /** How long something has to be bad before it is raised, and good before it is cleared, ms. */
  afterMs: number;
  /** A longer time without an observation breaks the time before. */
  gapMs: number;
  /** Nothing is raised, and what was bad before does not count. */
  isSilenced: boolean;
}

export interface Verdict {
  standings: Standings;
  raise: readonly (Condition & { since: number })[];
  clear: readonly KnownAlert[];
}

export const keyOf = ({ code, about }: AlertKey): string => JSON.stringify([code, about]);

/**
 * What follows from an observation. Pure.
 * @param raised alerts of the same server that are raised
 */
export const judge = (
  before: Standings,
  { codes, conditions }: Observation,
  raised: readonly KnownAlert[],
  options: JudgeOptions,
): Verdict => {
  const standings = new Map(before);
  const raise: (Condition & { since: number })[] = [];
  const clear: KnownAlert[] = [];
  for (const condition of conditions) {
    const alert = raised.find((each) => isSameAlert(each, condition));
    const wanted = alert === undefined ? 'bad' : 'good';
    const mayStand = condition.level === wanted && !(wanted === 'bad' && options.isSilenced);
    const standing = mayStand ? standingAfter(before.get(keyOf(condition)), wanted, options) : null;
    if (standing === null || options.now - standing.since < options.afterMs) {
      if (standing === null) standings.delete(keyOf(condition));
      else standings.set(keyOf(condition), standing);
      continue;
    }
    standings.delete(keyOf(condition));
    if (alert === undefined) raise.push({ ...condition, since: standing.since });
    else clear.push(alert);
  }
  const isGone = (alert: AlertKey) =>
    codes.includes(alert.code) && !conditions.some((each) => isSameAlert(each, alert));
  return { standings, raise, clear: [...clear, ...raised.filter(isGone)] };
};

const standingAfter = (
  before: Standing | undefined,
  level: Standing['level'],
  { now, gapMs }: JudgeOptions,
): Standing => {
  const goesOn = before !== undefined && before.level === level && now - before.seenAt <= gapMs;
  return { level, since: goesOn ? before.since : now, seenAt: now };
};
