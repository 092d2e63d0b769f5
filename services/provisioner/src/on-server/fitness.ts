import { message, type Message } from '@alfa-cloud/contracts';

const oldestDocker = '20.10';

/** Null for an engine that is new enough. */
export const dockerTooOld = (version: string): Message | null =>
  isAtLeast(version, oldestDocker) ? null : message`Docker ${version} is older than ${oldestDocker}`;

/** Compares the numbers of two versions: `20.10.24+dfsg1` is at least `20.10`. */
export const isAtLeast = (version: string, least: string): boolean => {
  const numbers = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10));
  const have = numbers(version);
  for (const [index, need] of numbers(least).entries()) {
    const given = have[index] ?? 0;
    if (Number.isNaN(given)) return false;
    if (given !== need) return given > need;
  }
  return true;
};

/**
 * Null for a clock that differs by no more than `maxMs`. A wrong one would block clients on the wrong day.
 * @param skewMs by how much the server's clock is ahead of ours; negative when it is behind
 */
export const clockWrong = (skewMs: number, maxMs: number): Message | null => {
  if (Math.abs(skewMs) <= maxMs) return null;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return skewMs > 0
    ? message`The server's clock is ${seconds} s ahead`
    : message`The server's clock is ${seconds} s behind`;
};
