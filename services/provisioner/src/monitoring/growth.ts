const dayMs = 86_400_000;
/** Points needed before anything is told: an hour of ten minutes each. */
const pointsMin = 6;

/** Slope of the straight line that fits the points best, per day; null for too few points. Pure. */
export const growthPerDay = (points: readonly { at: number; value: number }[]): number | null => {
  if (points.length < pointsMin) return null;
  const mean = (read: (point: { at: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [at, value] = [mean((point) => point.at), mean((point) => point.value)];
  let [together, spread] = [0, 0];
  for (const point of points) {
    together += (point.at - at) * (point.value - value);
    spread += (point.at - at) ** 2;
  }
  return spread === 0 ? null : Math.round((together / spread) * dayMs);
};
