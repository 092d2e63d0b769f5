import { isCloudServerError, type CloudServer, type ImageFacts } from '@alfa-cloud/cloud-server';
import { message, reasonOf, wordsOf, type BuildPlace } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';
import { StepFailure, type StepIo, type StepWork } from '@alfa-cloud/operations';
import { carryImage, nameCarried, serverStep, type RegisteredServer } from '@alfa-cloud/servers';
import { errorName, retry, Semaphore } from '@alfa-cloud/service-kit';
import type { PublishedImage } from '../builds/builds.ts';
import { inOne } from '../image/image-tags.ts';
import { targetsOf } from '../servers/targets.ts';
import { recordOf, type BuildDeps, type Building } from './building.ts';
import { removeUnnamed } from './remove-unnamed.ts';
import { told } from './told.ts';

/** Servers at the same time; the image is read once for all. */
const atOnce = 4;
/** On one server: like those of a step, which outlast a restart of the engine. */
const attempts = 9;
const slackMs = 10 * 60_000;
/** Longest time of taking back on one server, ms. */
const removalMs = 30_000;

/**
 * Brings the image to the servers, under both names. One that is away keeps it from no other; what became of each is recorded.
 * Failures: final `not_distributed` when no server of several, or the only one, has got it.
 */
export const distributeStep = (deps: BuildDeps, cause: Cause): StepWork<Building> =>
  serverStep({
    deadlineMs: 2 * deps.config.transferMs + slackMs,
    cancellable: true,
    async act(building, io) {
      const { build, cloud } = building;
      const { operationId, image: published, targetServers } = build;
      if (published === null) throw new Error(`Build ${operationId} has no image yet`);
      const image = await cloud.docker.image(published.imageId, { signal: io.signal });
      if (image === null) throw gone(published);
      const slots = new Semaphore(atOnce);
      const targets = await targetsOf(deps, targetServers, io.signal);
      const bring = (server: RegisteredServer) =>
        slots.run(() => placed(deps, { building, published, image, server }, io), io.signal);
      const servers = await Promise.all(targets.map(bring));
      await recordOf(deps, building, { command: { type: 'distribute', operationId, servers }, cause });
      const failed = servers.filter(({ outcome }) => outcome === 'failed');
      if (servers.length > 0 && failed.length === servers.length) throw nowhere(failed);
      return `On ${servers.length - failed.length} of ${servers.length} servers`;
    },
    compensateWhen: 'unfinished',
    // Where it has its names it stays: it has passed its test.
    async compensate(building, io) {
      const { build, server } = building;
      const { image, targetServers } = build;
      if (image === null) return;
      const targets = await targetsOf(deps, targetServers, io.signal);
      const others = targets.filter(({ id }) => id !== server.id);
      const slots = new Semaphore(atOnce);
      const takeBack = (each: RegisteredServer) =>
        slots.run(() => takenBack(deps, { server: each, operationId: image.operationId }, io), io.signal);
      await Promise.all(others.map(takeBack));
    },
  });

/** What is left on a server that does not answer, or comes up there afterwards out of bytes that it had, goes with the next clean-up there. */
const takenBack = async (
  { cloudServers }: BuildDeps,
  { server, operationId }: { server: RegisteredServer; operationId: string },
  io: StepIo,
): Promise<void> => {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(removalMs)]);
  const output = (text: string) => io.output(text.replace(/^/, `${server.name}: `));
  await told({ signal: io.signal, output }, 'What came of the image may be left for now', () =>
    removeUnnamed(cloudServers.of(server), operationId, signal),
  );
};

interface Bringing {
  building: Building;
  published: PublishedImage;
  image: ImageFacts;
  server: RegisteredServer;
}

/** What becomes of the image on one server. Never throws but for what ends the step. */
const placed = async (deps: BuildDeps, bringing: Bringing, io: StepIo): Promise<BuildPlace> => {
  const { id: serverId, name } = bringing.server;
  const output = (text: string) => io.output(text.replace(/^/, `${name}: `));
  try {
    const { signal, transfer } = io;
    const brought = await retry(() => bringTo(deps, bringing, { signal, output, transfer }), {
      attempts,
      // What is cut off late is tried again, and a transfer that begins then still fits into the step.
      deadlineMs: deps.config.transferMs + slackMs / 2,
      firstDelayMs: 500,
      maxDelayMs: 30_000,
      signal,
      isRetryable: (error) => isCloudServerError(error) && error.kind === 'transient',
    });
    output(`has ${inOne(bringing.published)}\n`);
    return { serverId, name, outcome: 'ok', ...brought };
  } catch (error) {
    io.signal.throwIfAborted();
    if (!isCloudServerError(error) && errorName(error) !== 'StepFailure') throw error;
    const { code } = error as StepFailure;
    const failure = { code, ...reasonOf(wordsOf(error)) };
    output(`${failure.reason}\n`);
    return { serverId, name, outcome: 'failed', imageId: null, bytesSent: 0, failure };
  }
};

const bringTo = async (
  { cloudServers, carrier, config }: BuildDeps,
  { building, published, image, server }: Bringing,
  io: Pick<StepIo, 'signal' | 'output' | 'transfer'>,
): Promise<{ imageId: string; bytesSent: number }> => {
  const { signal } = io;
  const to = server.id === building.server.id ? building.cloud : cloudServers.of(server);
  const there = await presentOn(to, published, image, signal);
  const from = { name: building.server.name, cloud: building.cloud };
  const { imageId, bytesSent } =
    there === null
      ? await carryImage(
          { carrier, transferMs: config.transferMs },
          { from, to, image, reference: inOne(published) },
          io,
        )
      : { imageId: there, bytesSent: 0 };
  const { repository, tag, movingTag } = published;
  for (const each of [tag, movingTag])
    await nameCarried(to.docker, imageId, { repository, tag: each }, { signal });
  return { imageId, bytesSent };
};

/** Docker's id of the image on the server: another one than where it was built when one of the two keeps images in containerd. */
const presentOn = async (
  { docker }: CloudServer,
  published: PublishedImage,
  image: ImageFacts,
  signal: AbortSignal,
): Promise<string | null> => {
  if ((await docker.image(image.id, { signal })) !== null) return image.id;
  const named = await docker.image(inOne(published), { signal });
  return named !== null && named.layers.join() === image.layers.join() ? named.id : null;
};

const gone = (published: PublishedImage): StepFailure =>
  new StepFailure(
    'final',
    'image_gone',
    message`Image ${inOne(published)} is not on the server any more that has built it: build it anew with force=true`,
  );

const nowhere = (failed: readonly BuildPlace[]): StepFailure => {
  const names = failed.map(({ name }) => name).join(', ');
  const words = message`The image is built and has its names, but no server has got it (${names}): see the result of each, then send the request again, which builds nothing`;
  return new StepFailure('final', 'not_distributed', words);
};
