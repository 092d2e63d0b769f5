/** Samples are kept three times: each by itself, and summed up over longer times, which are kept for longer. */
export interface Tier {
  table: 'raw' | 'ten_minutes' | 'hours';
  /** Time that one row stands for; 0: a moment. */
  spanMs: number;
  keptMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The finest first. */
export const tiers: readonly Tier[] = [
  { table: 'raw', spanMs: 0, keptMs: dayMs },
  { table: 'ten_minutes', spanMs: 10 * minuteMs, keptMs: 14 * dayMs },
  { table: 'hours', spanMs: hourMs, keptMs: 400 * dayMs },
];

/** Rows are kept a little longer than promised, so that a question about the last 24 hours finds all of them. */
export const graceMs = 10 * minuteMs;

/** Steps of one answer at most, and about so many when nobody says how many. */
export const stepsMax = 500;
const stepsWanted = 300;

const niceSteps = [10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

export interface HistoryRequest {
  /** Moments in ms; `from` lies before `to`. */
  from: number;
  to: number;
  /** Absent: what suits the time between. */
  stepMs?: number;
}

export interface HistoryPlan {
  tier: Tier;
  /** A multiple of the step, like `to`. */
  from: number;
  to: number;
  stepMs: number;
}

/**
 * From which rows an answer is made. The step is at least as long as what a row stands for and as two intervals between samples, since a
 * shorter one would show gaps where there are none, and long enough that the answer stays small. Pure.
 * @param everyMs between two samples
 */
export const planHistory = (request: HistoryRequest, now: number, everyMs: number): HistoryPlan => {
  const oldest = now - (tiers.at(-1)?.keptMs ?? 0);
  const from = Math.max(request.from, oldest);
  const to = Math.max(from + 1, Math.min(request.to, now));
  const finest = tiers.find(({ keptMs }) => from >= now - keptMs - graceMs) ?? lastTier;
  const duration = to - from;
  const wanted = request.stepMs ?? niceStep(duration / stepsWanted);
  // One step more than fit in is needed where the ends lie inside of steps.
  const least = Math.max(wanted, finest.spanMs, 2 * everyMs, duration / (stepsMax - 1));
  const stepMs = finest.spanMs === 0 ? wholeSeconds(least, wanted) : multiple(least, finest.spanMs);
  const tier = tiers.findLast(({ spanMs }) => spanMs >= finest.spanMs && isWithin(spanMs, stepMs)) ?? finest;
  return { tier, stepMs, from: Math.floor(from / stepMs) * stepMs, to: Math.ceil(to / stepMs) * stepMs };
};

const lastTier: Tier = tiers.at(-1) as Tier;

/** Coarser rows do as well where whole ones of them make a step. */
const isWithin = (spanMs: number, stepMs: number): boolean => spanMs > 0 && stepMs % spanMs === 0;

const niceStep = (ms: number): number => {
  const seconds = niceSteps.find((step) => step * 1000 >= ms) ?? Math.ceil(ms / dayMs) * 86_400;
  return seconds * 1000;
};

/** As asked for where that is enough. */
const wholeSeconds = (least: number, wanted: number): number =>
  wanted >= least ? multiple(wanted, 1000) : niceStep(least);

const multiple = (ms: number, of: number): number => Math.ceil(ms / of) * of;
