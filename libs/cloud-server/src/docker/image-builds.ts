import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { message } from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import type Docker from 'dockerode';
import { CloudServerError } from '../cloud-server-error.ts';
import { createBuildOutputReader, type BuildOutcome } from './build-output.ts';
import type { BuildSpec } from './build-spec.ts';
import { call, getJson } from './call.ts';
import type { DockerEngine } from './docker-engine.ts';
import { statusOf } from './docker-errors.ts';

const buildMs = 3_600_000;
const removalMs = 30_000;

/** The part of the port that builds images. */
export const imageBuildsOf = (docker: Docker): Pick<DockerEngine, 'buildImage'> => ({
  async buildImage(context, spec, { onOutput = () => undefined, ...options } = {}) {
    const { repository, tag } = spec.name;
    const reader = createBuildOutputReader(onOutput);
    try {
      const imageId = await call(
        message`build image ${repository}:${tag}`,
        { deadlineMs: buildMs, ...options },
        async (signal) => {
          await build(docker, context, spec, { signal, onAnswer: (chunk) => reader.write(chunk) });
          return builtIn(reader.end());
        },
      );
      return { imageId };
    } catch (error) {
      await removeStages(docker, reader.end().stages);
      throw error;
    } finally {
      context.destroy();
    }
  },
});

const build = async (
  docker: Docker,
  context: Readable,
  { name, dockerfile, labels, limits }: BuildSpec,
  { signal, onAnswer }: { signal: AbortSignal; onAnswer: (chunk: Buffer) => void },
): Promise<void> => {
  const body = new PassThrough();
  const fed = pipeline(context, body, { signal });
  // An engine that refuses answers before it has read all.
  fed.catch((error: Error) => body.destroy(error));
  const options = {
    t: `${name.repository}:${name.tag}`,
    dockerfile,
    labels: { ...labels },
    // No container of a step stays, also when the build fails.
    rm: true,
    forcerm: true,
    ...(limits === undefined ? {} : limitsBody(limits)),
    abortSignal: signal,
  };
  const answer = await docker.buildImage(body, options as Docker.ImageBuildOptions);
  for await (const chunk of answer) onAnswer(chunk as Buffer);
};

const periodUs = 100_000;

const limitsBody = ({ memoryMb, cpus }: NonNullable<BuildSpec['limits']>) => ({
  memory: memoryMb * 1024 ** 2,
  // Memory plus swap: equal means that no swap is added.
  memswap: memoryMb * 1024 ** 2,
  cpuperiod: periodUs,
  cpuquota: Math.round(cpus * periodUs),
  // The least that there is, of 1024 that a client has: where processors are short, the build waits.
  cpushares: 2,
});

const builtIn = ({ failure, imageId }: BuildOutcome): string => {
  if (failure !== null) {
    const code = /no space left on device/i.test(failure) ? 'disk_full' : 'build_failed';
    throw new CloudServerError('final', code, message`Docker could not build the image: ${failure}`);
  }
  if (imageId !== null) return imageId;
  const words = message`The connection to the Docker Engine was cut while it built the image`;
  throw new CloudServerError('transient', 'docker_unreachable', words);
};

/** After a build was cut off, the engine needs a moment to end the command that runs from the newest of its images. */
const inUseMs = 10_000;
const pauseMs = 250;

/**
 * Images that the steps of a failed build have made have no name, and would lie about. An engine that does not answer keeps them.
 */
const removeStages = async (docker: Docker, stages: readonly string[]): Promise<void> => {
  const signal = AbortSignal.timeout(removalMs);
  const end = performance.now() + inUseMs;
  for (const stage of stages.toReversed()) {
    while (!(await isRemoved(docker, stage, signal)) && performance.now() < end) await sleep(pauseMs);
  }
};

/** False: something runs from it, comes from it, or the engine is still at it. */
const isRemoved = async (docker: Docker, stage: string, abortSignal: AbortSignal): Promise<boolean> => {
  try {
    const path = `/images/${stage}/json`;
    const { RepoTags: names } = (await getJson(docker, path, abortSignal)) as Docker.ImageInspectInfo;
    if (names.length === 0) await docker.getImage(stage).remove({ abortSignal });
    return true;
  } catch (error) {
    return statusOf(error) === 404;
  }
};
