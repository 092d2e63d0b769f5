import { message, type Message } from '@alfa-cloud/contracts';
import type { ContainerState } from '@alfa-cloud/cloud-server';
import { sleep } from '@alfa-cloud/service-kit';
import { containerGone } from '../../on-server/container-gone.ts';
import { final } from '../../on-server/failures.ts';
import { withLastLines } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

const pollMs = 250;
/** Restarts by the engine after which a container counts as broken. */
const restartsMax = 3;
/**
 * A container counts as stopped after this time: an engine that shuts down shows stopped containers for a moment before it is gone itself,
 * ms.
 */
const stoppedMs = 5000;
const lastLines = 20;

/** A container of the client. */
export interface ClientContainer {
  name: string;
  /** The operation that made it. */
  operationId: string;
}

/** The container that serves by the client's record. */
export const containerInService = ({ names, containerOrigin }: ClientOnServer): ClientContainer => ({
  name: names.container,
  operationId: containerOrigin.operationId,
});

/**
 * Returns a function that reads the container's state and throws `container_exited`, with the last lines of its output, once the container is
 * broken for good.
 */
export const createContainerWatch = (
  client: ClientOnServer,
  { name }: Pick<ClientContainer, 'name'> = containerInService(client),
) => {
  const { cloud } = client;
  let stoppedSince: number | null = null;
  return async (signal: AbortSignal): Promise<ContainerState> => {
    const state = await cloud.docker.container(name, { signal });
    if (state === null) throw containerGone(client, name);
    const isStopped = state.status === 'exited' || state.status === 'dead';
    stoppedSince = isStopped ? (stoppedSince ?? performance.now()) : null;
    const isStoppedForGood = stoppedSince !== null && performance.now() - stoppedSince >= stoppedMs;
    if (isStoppedForGood || state.restartCount >= restartsMax) {
      const sentence = state.outOfMemory
        ? message`The container ended for lack of memory`
        : message`The container ended with exit code ${state.exitCode}`;
      throw final('container_exited', await inLastWords(client, sentence, signal, name));
    }
    return state;
  };
};

/** Waits until the container has run for a while without a restart. */
export const awaitSteadyRun = async (
  client: ClientOnServer,
  steadyMs: number,
  signal: AbortSignal,
  container: ClientContainer = containerInService(client),
): Promise<void> => {
  const look = createContainerWatch(client, container);
  let startedAt = '';
  for (let since = performance.now(); ;) {
    const state = await look(signal);
    if (state.status !== 'running' || state.startedAt !== startedAt) since = performance.now();
    if (performance.now() - since >= steadyMs) return;
    startedAt = state.startedAt;
    await sleep(Math.min(pollMs, steadyMs), signal);
  }
};

/** A sentence, followed by the last lines of the container's output without secrets. */
export const inLastWords = async (
  { cloud, names, redact }: ClientOnServer,
  sentence: Message,
  signal: AbortSignal,
  container: string = names.container,
): Promise<Message> => {
  const output = await cloud.docker.lastLines(container, lastLines, { signal });
  return withLastLines(sentence, message`container ${container}`, redact(output));
};
