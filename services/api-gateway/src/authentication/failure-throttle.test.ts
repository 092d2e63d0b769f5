import { expect, test } from '@jest/globals';
import { createFailureThrottle } from './failure-throttle.ts';

const startAt = () => {
  let time = 0;
  const throttle = createFailureThrottle(() => time);
  return { throttle, wait: (ms: number) => (time += ms) };
};

test('from the fifth failure on each makes the next wait twice as long, at most a minute', () => {
  const { throttle, wait } = startAt();
  for (let attempt = 0; attempt < 5; attempt += 1) expect(throttle.attempt('a')).toBe(0);
  for (const expected of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    expect(throttle.attempt('a')).toBe(expected);
    wait(expected);
    expect(throttle.attempt('a')).toBe(0);
  }
  expect(throttle.attempt('b')).toBe(0);
});

test('success and a long rest start afresh; an attempt without verdict does not count', () => {
  const { throttle, wait } = startAt();
  for (let attempt = 0; attempt < 5; attempt += 1) throttle.attempt('a');
  throttle.succeeded('a');
  expect(throttle.attempt('a')).toBe(0);
  for (let attempt = 0; attempt < 4; attempt += 1) throttle.attempt('a');
  expect(throttle.attempt('a')).toBeGreaterThan(0);
  wait(16 * 60_000);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    expect(throttle.attempt('a')).toBe(0);
    throttle.withdraw('a');
  }
});
