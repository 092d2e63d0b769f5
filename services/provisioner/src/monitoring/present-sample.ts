import type { FileSystem } from '@alfa-cloud/cloud-server';
import type {
  ClientUse,
  ClientView,
  CpuShares,
  DiskUse,
  ServerMonitoring,
  ServerView,
} from '@alfa-cloud/contracts';
import { label } from '@alfa-cloud/servers';
import type { Rates } from './rates.ts';
import type { Sample } from './sample.ts';
import type { Sizes } from './sizes.ts';

/** What is known of a server besides its sample. */
export interface Surroundings {
  /** Clients in use there, by the read models; null when these do not answer. */
  clients: readonly Pick<ClientView, 'limits'>[] | null;
  capacity: ServerView['capacity'];
  sizes: Sizes | null;
  /** Bytes a day, by the paths of disks. */
  growth: ReadonlyMap<string, number>;
}

/** What a sample comes to, with the rates since an earlier one if there is one. Pure. */
export const presentSample = (
  sample: Sample,
  rates: Rates | null,
  { clients, capacity, sizes, growth }: Surroundings,
): ServerMonitoring => {
  const { measured } = sample;
  return {
    load: measured.load,
    load5: measured.load5,
    load15: measured.load15,
    cpus: measured.cpus,
    cpu: cpuShares(rates),
    memoryTotalBytes: measured.memoryTotalBytes,
    memoryUsedBytes: measured.memoryUsedBytes,
    swapTotalBytes: measured.swapTotalBytes,
    swapUsedBytes: measured.swapUsedBytes,
    diskTotalBytes: measured.diskTotalBytes,
    diskFreeBytes: measured.diskFreeBytes,
    disks: measured.fileSystems?.map((one) => diskUse(one, growth)) ?? null,
    diskWaitMs: rounded(rates?.diskWaitMs, hundredths),
    diskBusyPercent: rounded(rates?.diskBusyPercent, hundredths),
    networkReceivedBytesPerSecond: rounded(rates?.network?.receivedBytesPerSecond, Math.round),
    networkSentBytesPerSecond: rounded(rates?.network?.sentBytesPerSecond, Math.round),
    uptimeSeconds: measured.uptimeSeconds,
    clockOffsetMs: measured.clockOffsetMs,
    clockUncertaintyMs: measured.clockUncertaintyMs,
    containers: containersOf(sample),
    clients: clientsOf(sample, rates, sizes),
    sizesCheckedAt: sizes === null ? null : new Date(sizes.at).toISOString(),
    dockerVersion: sample.dockerVersion,
    reserved: reservedBy(clients),
    capacity: { clients: capacity.clients, memoryBytes: measured.memoryTotalBytes, cpus: measured.cpus },
    rateSeconds: rounded(rates?.seconds, hundredths),
    checkedAt: new Date(sample.at).toISOString(),
  };
};

const hundredths = (value: number): number => Math.round(value * 100) / 100;

const rounded = (value: number | null | undefined, round: (value: number) => number): number | null =>
  typeof value === 'number' ? round(value) : null;

const cpuShares = (rates: Rates | null): CpuShares | null => {
  if (rates === null || rates.cpu === null) return null;
  const { user, system, iowait, steal, idle } = rates.cpu;
  return {
    user: hundredths(user),
    system: hundredths(system),
    iowait: hundredths(iowait),
    steal: hundredths(steal),
    idle: hundredths(idle),
  };
};

const diskUse = (
  { path, totalBytes, usedBytes, freeBytes, inodes, inodesFree }: FileSystem,
  growth: Surroundings['growth'],
): DiskUse => ({
  path,
  totalBytes,
  usedBytes,
  freeBytes,
  usedPercent: hundredths(share(usedBytes, usedBytes + freeBytes)),
  inodes,
  inodesFree,
  growthBytesPerDay: growth.get(path) ?? null,
});

/** In percent; nothing of nothing is all of it, since nothing can be added. */
const share = (part: number, whole: number): number => (whole <= 0 ? 100 : (part / whole) * 100);

const containersOf = ({ containers }: Sample): ServerMonitoring['containers'] => {
  if (containers === null) return null;
  const byState: Record<string, number> = {};
  for (const { status } of containers) byState[status] = (byState[status] ?? 0) + 1;
  return { running: byState['running'] ?? 0, total: containers.length, byState };
};

const clientsOf = (sample: Sample, rates: Rates | null, sizes: Sizes | null): ClientUse[] | null => {
  if (sample.containers === null) return null;
  const ofClients = sample.containers.filter(({ labels }) => label.client in labels);
  const byClient = Map.groupBy(ofClients, ({ labels }) => labels[label.client] ?? '');
  return [...byClient].map(([id, containers]) => {
    const running = containers.filter(({ status }) => status === 'running');
    const ofRunning = <T>(read: (id: string) => T | null | undefined): T[] | null => {
      const values = running.map((one) => read(one.id) ?? null);
      return values.some((value) => value === null) ? null : (values as T[]);
    };
    const traffic = ofRunning((one) => rates?.containers.get(one)?.network);
    return {
      id,
      containers: { running: running.length, total: containers.length },
      cpuPercent: sumOf(
        ofRunning((one) => rates?.containers.get(one)?.cpuPercent),
        hundredths,
      ),
      memoryBytes: sumOf(
        ofRunning((one) => sample.usage.get(one)?.memoryBytes),
        Math.round,
      ),
      receivedBytesPerSecond: sumOf(traffic?.map((one) => one.receivedBytesPerSecond) ?? null, Math.round),
      sentBytesPerSecond: sumOf(traffic?.map((one) => one.sentBytesPerSecond) ?? null, Math.round),
      databaseBytes: sizes?.databases.get(id) ?? null,
      storageBytes: sizes?.storages.get(id) ?? null,
    };
  });
};

/** Null when one of the containers could not be measured: a part would look like the whole. */
const sumOf = (values: readonly number[] | null, round: (value: number) => number): number | null =>
  values === null ? null : round(values.reduce((sum, value) => sum + value, 0));

const reservedBy = (clients: Surroundings['clients']): ServerMonitoring['reserved'] => {
  if (clients === null) return null;
  const sum = (read: (limits: ClientView['limits']) => number) =>
    clients.reduce((total, { limits }) => total + read(limits), 0);
  return {
    clients: clients.length,
    memoryBytes: sum(({ memoryMb }) => memoryMb) * 1024 ** 2,
    cpus: hundredths(sum(({ cpus }) => cpus)),
  };
};
