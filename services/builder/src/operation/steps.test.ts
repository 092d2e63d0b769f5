import { expect, test } from '@jest/globals';
import { readBuilderConfig } from '../config.ts';
import { buildStep } from './build-step.ts';
import type { BuildDeps } from './building.ts';
import { smokeStep } from './smoke-step.ts';

const { builds: config } = readBuilderConfig({
  NATS_URL: 'nats://unused',
  ESDB_URL: 'esdb://unused',
  ALFA_MASTER_KEY_FILE: 'unused',
});
const deps = { config } as BuildDeps;

/** About 60 s, after which a Docker Engine has restarted. */
const restartMs = 60_000;

test.each([
  ['build', buildStep(deps)],
  ['smoke test', smokeStep(deps)],
])('the attempts of the %s outlast a restart of the engine', (_, { attempts = 0, firstRetryMs = 0 }) => {
  // Pauses are at least as long as the first one.
  expect((attempts - 1) * firstRetryMs).toBeGreaterThanOrEqual(restartMs);
});
