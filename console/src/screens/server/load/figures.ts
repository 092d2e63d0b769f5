import type { MonitoringSeries } from '@alfa-cloud/contracts';

type Values = readonly (number | null)[];

/** Newest, average and highest value of a line; null where nothing was measured. */
export interface Summary {
  now: number | null;
  average: number | null;
  highest: number | null;
}

const known = (values: Values): number[] => values.filter((value) => value !== null);

/** @param peaks the highest values of the steps; the line itself holds their averages */
export const summaryOf = (values: Values, peaks: Values = values): Summary => {
  const all = known(values);
  const highest = known(peaks);
  return {
    now: all.at(-1) ?? null,
    average: all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length,
    highest: highest.length === 0 ? null : Math.max(...highest),
  };
};

/** Lines one upon the other: each holds itself and all before it. A step without a value has a gap in all that follow. */
export const stacked = (lines: readonly Values[]): Values[] => {
  let below: Values = [];
  return lines.map((line) => {
    const base = below;
    below = line.map((value, at) => {
      const under = base.length === 0 ? 0 : (base[at] ?? null);
      return value === null || under === null ? null : value + under;
    });
    return below;
  });
};

/** A metric of the server, or of the thing that `about` names. */
export const seriesOf = (
  series: readonly MonitoringSeries[],
  metric: string,
  about: string | null = null,
): MonitoringSeries | undefined => series.find((one) => one.metric === metric && one.about === about);
