/** Shares of the time of all processors between two measurements, in percent; together 100. */
export interface CpuShares {
  user: number;
  /** Interrupts are in it. */
  system: number;
  /** Nothing to do but wait for a disk. */
  iowait: number;
  /** Taken by other machines of the same host. */
  steal: number;
  idle: number;
}

/** A file system of a server. Sizes in bytes. */
export interface DiskUse {
  /** Where it is mounted. */
  path: string;
  totalBytes: number;
  usedBytes: number;
  /** What can still be written; with what is used it is less than the whole where some is kept for root. */
  freeBytes: number;
  /** Share of what is used in what can be used. */
  usedPercent: number;
  /** Null where they are made as they are needed. */
  inodes: number | null;
  inodesFree: number | null;
  /** By the last 24 hours; negative when files were removed. Null before an hour of samples. */
  growthBytesPerDay: number | null;
}

/** What the containers of a client use together. Sizes in bytes. */
export interface ClientUse {
  id: string;
  containers: { running: number; total: number };
  /** 100 is one processor. */
  cpuPercent: number | null;
  /** Without file cache that the kernel would give up. */
  memoryBytes: number | null;
  receivedBytesPerSecond: number | null;
  sentBytesPerSecond: number | null;
  /** Files of its database, and of its volume; found out every so often, see `sizesCheckedAt`. */
  databaseBytes: number | null;
  storageBytes: number | null;
}

/**
 * What a server is busy with. Every value that could not be measured is null, by itself. Rates (shares of the processors, disk, network) are
 * taken between this measurement and an earlier one, `rateSeconds` apart; null without one. Nothing is negative but a clock's offset and a
 * disk's growth. Sizes in bytes.
 */
export interface ServerMonitoring {
  /** The kernel's load averages of 1, 5 and 15 minutes. */
  load: number | null;
  load5: number | null;
  load15: number | null;
  cpus: number | null;
  cpu: CpuShares | null;
  memoryTotalBytes: number | null;
  /** Cache that the kernel would give up does not count. */
  memoryUsedBytes: number | null;
  swapTotalBytes: number | null;
  swapUsedBytes: number | null;
  /** Of the file system that holds Alfa Cloud's directory. */
  diskTotalBytes: number | null;
  diskFreeBytes: number | null;
  disks: DiskUse[] | null;
  /** How long a read or write took on average, its wait included, ms; 0 when there was none. */
  diskWaitMs: number | null;
  /** Share of the time in which the busiest disk had something to do. */
  diskBusyPercent: number | null;
  networkReceivedBytesPerSecond: number | null;
  networkSentBytesPerSecond: number | null;
  uptimeSeconds: number | null;
  /** By how much the server's clock is ahead of ours; right within `clockUncertaintyMs`. */
  clockOffsetMs: number | null;
  clockUncertaintyMs: number | null;
  /** `byState`: Docker's words (`running`, `exited`, `restarting`, …). */
  containers: { running: number; total: number; byState: Record<string, number> } | null;
  clients: ClientUse[] | null;
  sizesCheckedAt: string | null;
  dockerVersion: string | null;
  /** What the clients on the server may take at most, by their limits. */
  reserved: { clients: number; memoryBytes: number; cpus: number } | null;
  capacity: { clients: number; memoryBytes: number | null; cpus: number | null };
  rateSeconds: number | null;
  checkedAt: string;
}

/** One line of a chart: a value for each step, null where nothing was measured. */
export interface MonitoringSeries {
  /** What it was measured of. */
  of: 'server' | 'disk' | 'client';
  /** Path of the disk, id of the client; null for the server itself. */
  about: string | null;
  metric: string;
  min: (number | null)[];
  avg: (number | null)[];
  max: (number | null)[];
}

/** What was measured of a server, step by step. */
export interface MonitoringHistory {
  /** Begin of the first step and end of the last, RFC 3339. */
  from: string;
  to: string;
  /** As asked for, or longer: as short as the samples that are kept for that time, and as long as the answer stays small. */
  stepSeconds: number;
  /** Begin of each step. */
  at: string[];
  series: MonitoringSeries[];
}
