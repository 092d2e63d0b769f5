import { allOrNull, countOf, decimalOf, wordsOf } from './parts.ts';
import type { CpuTime, DiskDevice, NetworkInterface, ServerMeasurements } from './measurements.ts';

/** Averages of `/proc/loadavg`. */
export const parseLoad = (text: string): Pick<ServerMeasurements, 'load' | 'load5' | 'load15'> => {
  const [load, load5, load15] = wordsOf(text).map(decimalOf);
  return { load: load ?? null, load5: load5 ?? null, load15: load15 ?? null };
};

/** First line of `/proc/stat`: `cpu user nice system idle iowait irq softirq steal guest guest_nice`; guests are in user and nice already. */
export const parseCpuTime = (text: string): CpuTime | null => {
  const [name, ...words] = wordsOf(text);
  if (name !== 'cpu') return null;
  const counts = words.map(countOf);
  const [user, nice, system, idle] = counts;
  // Kernels before 2.6 tell no more than four.
  const [iowait = 0, irq = 0, softirq = 0, steal = 0] = counts.slice(4);
  const all = allOrNull({
    user: user ?? null,
    nice: nice ?? null,
    system: system ?? null,
    idle: idle ?? null,
    iowait,
    irq,
    softirq,
    steal,
  });
  if (all === null) return null;
  return {
    user: all.user + all.nice,
    system: all.system + all.irq + all.softirq,
    iowait: all.iowait,
    steal: all.steal,
    idle: all.idle,
  };
};

type Memory = Pick<
  ServerMeasurements,
  'memoryTotalBytes' | 'memoryUsedBytes' | 'swapTotalBytes' | 'swapUsedBytes'
>;

/** `/proc/meminfo`. A kernel before 3.14 does not tell what is available; then it is what is free, with buffers and cache. */
export const parseMemory = (text: string): Memory => {
  const bytes = (name: string): number | null => {
    const count = countOf(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
    return count === null ? null : count * 1024;
  };
  const total = bytes('MemTotal');
  const freeable = allOrNull({ free: bytes('MemFree'), buffers: bytes('Buffers'), cached: bytes('Cached') });
  const available =
    bytes('MemAvailable') ?? (freeable === null ? null : freeable.free + freeable.buffers + freeable.cached);
  const swap = bytes('SwapTotal');
  return {
    memoryTotalBytes: total,
    memoryUsedBytes: difference(total, available),
    swapTotalBytes: swap,
    swapUsedBytes: difference(swap, bytes('SwapFree')),
  };
};

/** Null rather than negative: two values that do not fit together tell nothing. */
const difference = (whole: number | null, part: number | null): number | null =>
  whole === null || part === null || part > whole ? null : whole - part;

/** Whole disks, not their partitions nor what is made of them, which would count everything twice. */
const wholeDisk = /^(?:(?:sd|vd|hd)[a-z]+|xvd[a-z]+\d*|nvme\d+n\d+|mmcblk\d+)$/;

/** `/proc/diskstats`; null when there is none of the known disks. */
export const parseDevices = (text: string): DiskDevice[] | null => {
  const devices = text.split('\n').flatMap((line) => {
    const [, , name = '', reads, , , readMs, writes, , , writeMs, , busyMs] = wordsOf(line);
    if (!wholeDisk.test(name)) return [];
    const counts = allOrNull({
      reads: countOf(reads),
      readMs: countOf(readMs),
      writes: countOf(writes),
      writeMs: countOf(writeMs),
      busyMs: countOf(busyMs),
    });
    if (counts === null) return [];
    const operations = counts.reads + counts.writes;
    return [{ name, operations, waitedMs: counts.readMs + counts.writeMs, busyMs: counts.busyMs }];
  });
  return devices.length === 0 ? null : devices;
};

/** `/proc/net/dev`, whose first two lines are the names of columns. */
export const parseInterfaces = (text: string): NetworkInterface[] =>
  text.split('\n').flatMap((line) => {
    const [, name, counts] = /^\s*([^\s:]+):(.*)$/.exec(line) ?? [];
    if (name === undefined || counts === undefined) return [];
    const words = wordsOf(counts);
    const passed = allOrNull({ receivedBytes: countOf(words[0]), sentBytes: countOf(words[8]) });
    return passed === null ? [] : [{ name, ...passed }];
  });

/** Made by Docker or by other programs for containers and machines on the server, where what passes outside is counted once more. */
const insideOnly = /^(?:lo|veth.*|br-.*|docker\d*|virbr.*|cni.*|flannel.*|cali.*)$/;

/**
 * The interfaces that lead outside: those of default routes, or all that are not known to lead nowhere.
 * @param routes `/proc/net/route`
 */
export const outsideInterfaces = (
  interfaces: readonly NetworkInterface[],
  routes: string,
): NetworkInterface[] | null => {
  const default_ = new Set(
    routes.split('\n').flatMap((line) => {
      const [name, destination] = wordsOf(line);
      return name !== undefined && destination === '00000000' ? [name] : [];
    }),
  );
  const ofRoutes = interfaces.filter(({ name }) => default_.has(name));
  const found = ofRoutes.length > 0 ? ofRoutes : interfaces.filter(({ name }) => !insideOnly.test(name));
  return found.length === 0 ? null : found;
};
