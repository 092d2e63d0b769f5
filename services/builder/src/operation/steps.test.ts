import { expect, test } from '@jest/globals';
import { ownCause } from '@alfa-cloud/operations';
import { readBuilderConfig } from '../config.ts';
import { buildStep } from './build-step.ts';
import type { BuildDeps } from './building.ts';
import { sourceStep } from './source-step.ts';
import { smokeStep } from './smoke-step.ts';

const configOf = (env: Record<string, string> = {}) =>
  readBuilderConfig({
    NATS_URL: 'nats://unused',
    ESDB_URL: 'esdb://unused',
    ALFA_MASTER_KEY_FILE: 'unused',
    ...env,
  }).builds;
const deps = { config: configOf() } as BuildDeps;

/** About 60 s, after which a Docker Engine has restarted. */
const restartMs = 60_000;

test.each([
  ['build', buildStep(deps)],
  ['smoke test', smokeStep(deps)],
])('the attempts of the %s outlast a restart of the engine', (_, { attempts = 0, firstRetryMs = 0 }) => {
  // Pauses are at least as long as the first one.
  expect((attempts - 1) * firstRetryMs).toBeGreaterThanOrEqual(restartMs);
});

test('a fetch that may take a day fits into the steps that fetch', () => {
  const dayMs = 86_400_000;
  const config = configOf({ ALFA_GIT_TIMEOUT_S: '86400' });
  const patient = { config } as BuildDeps;
  expect(sourceStep(patient, ownCause()).deadlineMs).toBeGreaterThan(dayMs);
  expect(buildStep(patient).deadlineMs).toBeGreaterThan(dayMs + config.buildMs);
});
