import { message } from '@alfa-cloud/contracts';
import type Docker from 'dockerode';
import type { ContainerUsage, NetworkInterface } from '../measurements/measurements.ts';
import { call, getJson, orNull } from './call.ts';
import type { ContainerState, DockerEngine } from './docker-engine.ts';

/** The engine walks through all that lies in the volumes. */
const sizesMs = 120_000;

/** What there is on the engine and what it takes. */
export const usageOf = (
  docker: Docker,
): Pick<DockerEngine, 'listContainers' | 'containerUsage' | 'volumeSizes'> => ({
  listContainers: (options) =>
    call(message`list containers`, options, async (abortSignal) =>
      (await docker.listContainers({ all: true, abortSignal })).map(
        ({ Id, Names, ImageID, Labels, State }) => ({
          id: Id,
          name: (Names[0] ?? '').slice(1),
          imageId: ImageID,
          labels: Labels,
          status: State as ContainerState['status'],
        }),
      ),
    ),
  containerUsage: (name, options) =>
    call(message`measure container ${name}`, options, (signal) =>
      orNull(async () => {
        // Without `one-shot` the engine measures twice, a second apart.
        const query = { stream: 'false', 'one-shot': 'true' };
        return usageFromStats(await getJson(docker, `/containers/${name}/stats`, signal, query));
      }),
    ),
  volumeSizes: (options) =>
    call(message`measure volumes`, { deadlineMs: sizesMs, ...options }, async (signal) =>
      // Engines before 23 do not know `type` and measure images and containers as well.
      sizesFrom(await getJson(docker, '/system/df', signal, { type: 'volume' })),
    ),
});

type Json = Readonly<Record<string, unknown>>;

const part = (body: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (value as Json)[name] : undefined),
    body,
  );

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Answer of the engine to `stats`; of a container that does not run it tells no more than the id. */
export const usageFromStats = (body: unknown): ContainerUsage => {
  const nanoseconds = count(part(body, 'cpu_stats', 'cpu_usage', 'total_usage'));
  const usage = count(part(body, 'memory_stats', 'usage'));
  const inactive =
    count(part(body, 'memory_stats', 'stats', 'total_inactive_file')) ??
    count(part(body, 'memory_stats', 'stats', 'inactive_file'));
  const networks = part(body, 'networks');
  return {
    id: textOf(part(body, 'id')),
    cpuMs: nanoseconds === null || usage === null ? null : nanoseconds / 1_000_000,
    memoryBytes: usage === null || inactive === null ? null : Math.max(0, usage - inactive),
    interfaces: networks === undefined || networks === null ? null : interfacesFrom(networks as Json),
  };
};

const interfacesFrom = (networks: Json): NetworkInterface[] =>
  Object.entries(networks).flatMap(([name, passed]) => {
    const receivedBytes = count(part(passed, 'rx_bytes'));
    const sentBytes = count(part(passed, 'tx_bytes'));
    return receivedBytes === null || sentBytes === null ? [] : [{ name, receivedBytes, sentBytes }];
  });

/** A volume whose size the engine could not find out has -1, and is left out. */
const sizesFrom = (body: unknown): { name: string; bytes: number }[] => {
  const volumes = part(body, 'Volumes');
  if (!Array.isArray(volumes)) return [];
  return volumes.flatMap((volume: unknown) => {
    const bytes = count(part(volume, 'UsageData', 'Size'));
    return bytes === null ? [] : [{ name: textOf(part(volume, 'Name')), bytes }];
  });
};
