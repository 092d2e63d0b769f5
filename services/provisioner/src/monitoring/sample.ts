import {
  isCloudServerError,
  type CloudServer,
  type ContainerUsage,
  type ListedContainer,
  type ServerMeasurements,
} from '@alfa-cloud/cloud-server';
import { label } from '@alfa-cloud/servers';
import { Semaphore } from '@alfa-cloud/service-kit';

/** What was told by a server at one moment. Counters are as the kernel tells them. */
export interface Sample {
  /** By our clock, ms. */
  at: number;
  measured: ServerMeasurements;
  /** Null when the engine did not answer. */
  containers: readonly ListedContainer[] | null;
  /** By the ids of containers. */
  usage: ReadonlyMap<string, ContainerUsage>;
  dockerVersion: string | null;
}

/** Containers measured one by one at most, and at the same time. */
const singlyMax = 64;
const singlyParallel = 8;

/**
 * Asks the server and its engine side by side. Never rejects for what can't be told, only when the signal aborts.
 * @param options.deadlineMs longest time of each of the questions
 */
export const takeSample = async (
  cloud: CloudServer,
  { now, ...options }: { now: () => Date; deadlineMs: number; signal?: AbortSignal },
): Promise<Sample> => {
  const at = now().getTime();
  const [measured, containers, info] = await Promise.all([
    cloud.measure(options),
    orNull(cloud.docker.listContainers(options)),
    orNull(cloud.docker.info(options)),
  ]);
  const usage = new Map((measured.containers ?? []).map((one) => [one.id, one]));
  for (const one of await measuredSingly(cloud, containers ?? [], usage, options)) usage.set(one.id, one);
  return { at, measured, containers, usage, dockerVersion: info?.version ?? null };
};

/** True when neither the server nor its engine has told anything. */
export const isSilent = ({ measured, containers }: Sample): boolean =>
  containers === null && measured.uptimeSeconds === null && measured.memoryTotalBytes === null;

/** Containers of clients whose control groups can't be seen, as from a container of our own; the engine tells of one at a time. */
const measuredSingly = async (
  { docker }: CloudServer,
  containers: readonly ListedContainer[],
  seen: ReadonlyMap<string, unknown>,
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<ContainerUsage[]> => {
  const unseen = containers.filter(
    ({ id, status, labels }) => status === 'running' && label.client in labels && !seen.has(id),
  );
  const slots = new Semaphore(singlyParallel);
  const found = await Promise.all(
    unseen
      .slice(0, singlyMax)
      .map(({ id }) => slots.run(() => orNull(docker.containerUsage(id, options)), options.signal)),
  );
  return found.filter((one) => one !== null);
};

const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
  } catch (error) {
    if (isCloudServerError(error)) return null;
    throw error;
  }
};
