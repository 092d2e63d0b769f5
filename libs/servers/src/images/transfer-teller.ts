import type { CarryProgress } from '@alfa-cloud/cloud-server';

/** Shortest time between two lines, ms. */
const everyMs = 5000;

/** Writes now and then how far a transfer is: bytes, rate and the time that is left. */
export const transferTeller = (
  output: (text: string) => void,
  now: () => number = () => performance.now(),
): ((progress: CarryProgress) => void) => {
  let phase = '';
  let begunAt = 0;
  let toldAt = 0;
  return (progress) => {
    const at = now();
    if (progress.phase !== phase) {
      phase = progress.phase;
      begunAt = at;
      toldAt = at;
    }
    if (at - toldAt < everyMs && (progress.phase === 'reading' || progress.bytes < progress.totalBytes))
      return;
    toldAt = at;
    output(`${lineOf(progress, (at - begunAt) / 1000)}\n`);
  };
};

const lineOf = ({ phase, bytes, totalBytes }: CarryProgress, seconds: number): string => {
  const done = `${phase === 'reading' ? 'Read' : 'Sent'} ${inMegabytes(bytes)}`;
  const rate = seconds > 0 ? bytes / seconds : 0;
  if (rate === 0) return done;
  const left = Math.max(0, Math.ceil((totalBytes - bytes) / rate));
  return `${done} of ${inMegabytes(Math.max(bytes, totalBytes))}, ${inMegabytes(rate)}/s, about ${left} s left`;
};

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
