import { isCloudServerError, type ImageFacts } from '@alfa-cloud/cloud-server';
import type { StepIo } from '@alfa-cloud/operations';
import { readImageAhead } from '@alfa-cloud/servers';
import { errorMessage, errorName } from '@alfa-cloud/service-kit';
import { allOf } from '../all-of.ts';
import { targetsOf } from '../servers/targets.ts';
import type { BuildDeps, Building } from './building.ts';

type Io = Pick<StepIo, 'signal' | 'output' | 'transfer'>;

/**
 * Does work on an image while it is read from the server that has built it, where other servers will get it: most of a distribution's time is
 * that of reading. Ends when both have ended; the reading ends with the work when that fails.
 */
export const whileReadAhead = async <T>(
  deps: BuildDeps,
  what: { building: Building; image: ImageFacts },
  io: Io,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const [result] = await allOf(io.signal, (signal) => [
    work(signal),
    readAhead(deps, what, { ...io, signal }),
  ]);
  return result;
};

/** What goes wrong is told, and keeps nobody from anything: the image is read again when it is distributed. */
const readAhead = async (
  deps: BuildDeps,
  { building: { build, server, cloud }, image }: { building: Building; image: ImageFacts },
  { signal, output, transfer }: Io,
): Promise<void> => {
  const { carrier, config } = deps;
  try {
    const targets = await targetsOf(deps, build.targetServers, signal);
    if (targets.every(({ id }) => id === server.id)) return;
    await readImageAhead(
      { carrier, transferMs: config.transferMs },
      { from: cloud, image },
      { signal, transfer },
    );
  } catch (error) {
    signal.throwIfAborted();
    // Also of read models that do not answer just now: the test need not be done again for that.
    if (!isCloudServerError(error) && errorName(error) !== 'StepFailure') throw error;
    output(`The image is read again when it goes to the servers: ${errorMessage(error)}\n`);
  }
};
