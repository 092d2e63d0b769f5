import { expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { buildFailure } from './build-failures.ts';

const said = (code: 'build_failed' | 'docker_refused' | 'docker_unreachable', sentence: string) =>
  buildFailure(new CloudServerError('final', code, message`Docker could not build image a:b: ${sentence}`))
    .code;

test('what the engine answers at once, or after it has begun, says what to mend', () => {
  const unreadable = 'dockerfile parse error line 3: unknown instruction: RUM';
  expect(said('docker_refused', unreadable)).toBe('dockerfile_invalid');
  expect(said('build_failed', unreadable)).toBe('dockerfile_invalid');
  expect(said('docker_refused', 'something else')).toBe('docker_refused');
  expect(said('docker_unreachable', 'connection refused')).toBe('docker_unreachable');
});
