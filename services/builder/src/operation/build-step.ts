import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { StepWork } from '@alfa-cloud/operations';
import { imageInWords, serverStep } from '@alfa-cloud/servers';
import { contextOf } from '../image/build-context.ts';
import { buildFailure, tellingChars } from '../image/build-failures.ts';
import { inOne, labelsOfBuild, workName } from '../image/image-tags.ts';
import { whyChosen } from '../servers/choose-build-server.ts';
import { commitOf, type BuildDeps, type Building } from './building.ts';
import { removeStages } from './remove-stages.ts';

/** Added to the longest times of a build and of fetching a lost commit anew, for the check-out and for calls to a slow engine, ms. */
const slackMs = 10 * 60_000;

/**
 * Checks the commit out and builds it. Until it has passed its test the image is kept by a name of the operation's own, by which it is found after a
 * crash, and removed when the operation ends otherwise.
 */
export const buildStep = ({
  store,
  source,
  dockerfile: dockerfileNow,
  config,
}: BuildDeps): StepWork<Building> =>
  serverStep({
    deadlineMs: config.fetchMs + config.buildMs + slackMs,
    // Long and heavy, so not often; the pauses outlast a restart of the engine.
    attempts: 3,
    firstRetryMs: 30_000,
    cancellable: true,
    skip: ({ build }) => build.isReused,
    async probe({ build, cloud }, { signal }) {
      return (
        build.image !== null ||
        (await cloud.docker.image(inOne(workName(build.operationId)), { signal })) !== null
      );
    },
    async act(building, { signal, output }) {
      const { build, server, cloud } = building;
      let said = '';
      const onOutput = (text: string) => {
        said = `${said}${text}`.slice(-tellingChars);
        output(text);
      };
      const { operationId, startedAt } = build;
      const commit = commitOf(building);
      output(`${whyChosen(server)}\n`);
      const folder = workspaceOf(config.workspaces, operationId);
      try {
        await source.checkOut(commit, folder, { signal, log: (line) => output(`${line}\n`) });
        const dockerfile = build.dockerfile ?? (await dockerfileNow());
        const context = await contextOf(folder, {
          dockerfile,
          modifiedAt: new Date(commit.committedAt),
        });
        const name = workName(operationId);
        const { imageId } = await cloud.docker.buildImage(
          context,
          {
            name,
            dockerfile,
            labels: labelsOfBuild(commit, { operationId, startedAt }),
            limits: config.limits,
          },
          { signal, deadlineMs: config.buildMs, onOutput },
        );
        return `Image ${imageInWords(inOne(name), imageId)} built`;
      } catch (error) {
        throw isCloudServerError(error) ? buildFailure(error, said) : error;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async compensate({ build, cloud }, { signal }) {
      await rm(workspaceOf(config.workspaces, build.operationId), { recursive: true, force: true });
      // Its last name: the image goes, unless the test has passed and it has others by now.
      await cloud.docker.untagImage(inOne(workName(build.operationId)), { signal });
      await removeStages(store, { operationId: build.operationId, cloud }, signal);
    },
  });

const workspaceOf = (workspaces: string, operationId: string): string => join(workspaces, operationId);
