import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { inOne, workName } from '../image/image-tags.ts';
import { newestSchema } from '../smoke/newest-schema.ts';
import { removeSmokeTest, smokeTest } from '../smoke/smoke-test.ts';
import type { BuildDeps, Building } from './building.ts';
import { whileReadAhead } from './while-read-ahead.ts';

/** For pulls, starts and removals besides what is limited by itself, ms. */
const slackMs = 5 * 60_000;

/** The image is read for its distribution meanwhile. Nothing of the test stays, whatever becomes of it; so it is done again whole. */
export const smokeStep = (deps: BuildDeps): StepWork<Building> => {
  const { smoke, transferMs } = deps.config;
  const testMs = smoke.databaseStartMs + 4 * smoke.healthMs + 4 * smoke.commandMs;
  return serverStep({
    deadlineMs: Math.max(testMs, transferMs) + slackMs,
    // Long and heavy, so not often; the pauses outlast a restart of the engine.
    attempts: 3,
    firstRetryMs: 30_000,
    cancellable: true,
    skip: ({ build }) => build.isReused,
    probe: async ({ build }) => build.image !== null,
    async act(building, io) {
      const { build, server, cloud } = building;
      const { operationId } = build;
      const image = await cloud.docker.image(inOne(workName(operationId)), { signal: io.signal });
      if (image === null) throw new Error(`The image of build ${operationId} has gone`);
      const place = { operationId, serverId: server.id, cloud };
      const schema = await whileReadAhead(deps, { building, image }, io, (signal) => {
        const schemaOf = (both: AbortSignal) => newestSchema(deps, { ...io, signal: both });
        return smokeTest({ ...place, image, schema: schemaOf, config: smoke }, { ...io, signal });
      });
      return schema === null
        ? 'The image starts and migrates an empty database'
        : `The image starts and migrates an empty database and the tables of ${schema.slug}`;
    },
    compensate: ({ build: { operationId }, cloud }, { signal }) =>
      removeSmokeTest({ operationId, cloud }, signal),
  });
};
