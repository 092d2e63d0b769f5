import { expect, test } from '@jest/globals';
import { newRequestKey } from './request-key.ts';

test('keys are told from each other, with nothing that only a secure page has', () => {
  const keys = Array.from({ length: 100 }, newRequestKey);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(keys).size).toBe(100);
});
