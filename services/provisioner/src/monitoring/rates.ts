import type { CpuTime, DiskDevice, NetworkInterface } from '@alfa-cloud/cloud-server';
import type { CpuShares } from '@alfa-cloud/contracts';
import type { Sample } from './sample.ts';

/** What happened between two samples of a server, per second or as a share. */
export interface Rates {
  seconds: number;
  cpu: CpuShares | null;
  diskWaitMs: number | null;
  diskBusyPercent: number | null;
  network: Traffic | null;
  /** By the ids of containers. */
  containers: ReadonlyMap<string, ContainerRates>;
}

export interface Traffic {
  receivedBytesPerSecond: number;
  sentBytesPerSecond: number;
}

export interface ContainerRates {
  cpuPercent: number | null;
  network: Traffic | null;
}

/** Closer together than this, two samples tell too little. */
const secondsMin = 0.5;

/**
 * Null when nothing can be told: the server was started anew between the samples, or they are too close together or too far apart. A counter that
 * is smaller than before (it was set back, or has run over) makes its own rate null and no other. Pure.
 * @param secondsMax over a longer time the average says nothing of the moment
 */
export const ratesBetween = (before: Sample, now: Sample, secondsMax: number): Rates | null => {
  const [from, to] = [before.measured, now.measured];
  if (from.uptimeSeconds === null || to.uptimeSeconds === null || from.bootId !== to.bootId) return null;
  const seconds = to.uptimeSeconds - from.uptimeSeconds;
  if (seconds < secondsMin || seconds > secondsMax) return null;
  return {
    seconds,
    cpu: sharesOf(from.cpuTime, to.cpuTime),
    ...ofDisks(from.devices, to.devices, seconds),
    network: trafficOf(from.interfaces, to.interfaces, seconds),
    containers: ofContainers(before, now, seconds),
  };
};

/** Null rather than negative. */
const growth = (before: number | null | undefined, now: number | null | undefined): number | null =>
  typeof before !== 'number' || typeof now !== 'number' || now < before ? null : now - before;

const sharesOf = (before: CpuTime | null, now: CpuTime | null): CpuShares | null => {
  const spent = {
    user: growth(before?.user, now?.user),
    system: growth(before?.system, now?.system),
    iowait: growth(before?.iowait, now?.iowait),
    steal: growth(before?.steal, now?.steal),
    idle: growth(before?.idle, now?.idle),
  };
  const parts = Object.values(spent).filter((part) => part !== null);
  const total = parts.reduce((sum, part) => sum + part, 0);
  // The kernel itself may take back a little of what it has told as waiting; the next interval is right again.
  if (parts.length < Object.keys(spent).length || total <= 0) return null;
  const share = (part: number | null) => ((part ?? 0) / total) * 100;
  return {
    user: share(spent.user),
    system: share(spent.system),
    iowait: share(spent.iowait),
    steal: share(spent.steal),
    idle: share(spent.idle),
  };
};

type DiskRates = Pick<Rates, 'diskWaitMs' | 'diskBusyPercent'>;

const ofDisks = (
  before: readonly DiskDevice[] | null,
  now: readonly DiskDevice[] | null,
  seconds: number,
): DiskRates => {
  const pairs = pairsOf(before, now);
  if (pairs === null) return { diskWaitMs: null, diskBusyPercent: null };
  const operations = sumOf(pairs.map(([one, other]) => growth(one.operations, other.operations)));
  const waited = sumOf(pairs.map(([one, other]) => growth(one.waitedMs, other.waitedMs)));
  const busy = pairs.map(([one, other]) => growth(one.busyMs, other.busyMs)).filter((ms) => ms !== null);
  return {
    diskWaitMs: operations === null || waited === null ? null : operations === 0 ? 0 : waited / operations,
    diskBusyPercent: busy.length === 0 ? null : Math.min(100, Math.max(...busy) / (10 * seconds)),
  };
};

const trafficOf = (
  before: readonly NetworkInterface[] | null,
  now: readonly NetworkInterface[] | null,
  seconds: number,
): Traffic | null => {
  const pairs = pairsOf(before, now);
  if (pairs === null) return null;
  const received = sumOf(pairs.map(([one, other]) => growth(one.receivedBytes, other.receivedBytes)));
  const sent = sumOf(pairs.map(([one, other]) => growth(one.sentBytes, other.sentBytes)));
  if (received === null || sent === null) return null;
  return { receivedBytesPerSecond: received / seconds, sentBytesPerSecond: sent / seconds };
};

/** Those that are there both times; null when there are none. */
const pairsOf = <Thing extends { name: string }>(
  before: readonly Thing[] | null,
  now: readonly Thing[] | null,
): [Thing, Thing][] | null => {
  const pairs = (now ?? []).flatMap((thing): [Thing, Thing][] => {
    const same = before?.find(({ name }) => name === thing.name);
    return same === undefined ? [] : [[same, thing]];
  });
  return pairs.length === 0 ? null : pairs;
};

const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);

const ofContainers = (before: Sample, now: Sample, seconds: number): Map<string, ContainerRates> =>
  new Map(
    [...now.usage].map(([id, { cpuMs, interfaces }]) => {
      const was = before.usage.get(id);
      const spent = growth(was?.cpuMs, cpuMs);
      const cpuPercent = spent === null ? null : spent / (10 * seconds);
      return [id, { cpuPercent, network: trafficOf(was?.interfaces ?? null, interfaces, seconds) }];
    }),
  );
