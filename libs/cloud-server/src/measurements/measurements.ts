/** A file system, told once however many of the wanted paths lie on it. Sizes in bytes. */
export interface FileSystem {
  /** Where it is mounted. */
  path: string;
  totalBytes: number;
  /** Taken by files. With what is free it is less than the whole where some is kept for root. */
  usedBytes: number;
  /** What an ordinary user can still write. */
  freeBytes: number;
  /** Null for a file system that makes them as they are needed. */
  inodes: number | null;
  inodesFree: number | null;
}

/** Time that all processors together have spent since the start, in clock ticks. */
export interface CpuTime {
  user: number;
  system: number;
  iowait: number;
  steal: number;
  idle: number;
}

/** What has been read from and written to a whole disk since the start. */
export interface DiskDevice {
  name: string;
  /** Finished reads and writes. */
  operations: number;
  /** Time that these took, waiting for their turn included, summed up, ms. */
  waitedMs: number;
  /** Time during which at least one was under way, ms. */
  busyMs: number;
}

/** What has passed a network interface since it was made. */
export interface NetworkInterface {
  name: string;
  receivedBytes: number;
  sentBytes: number;
}

/** What the processes of a running container use. */
export interface ContainerUsage {
  /** Docker's id of the container. */
  id: string;
  /** Time of one processor since the container's start, ms. */
  cpuMs: number | null;
  /** Without the file cache that the kernel would give up first. */
  memoryBytes: number | null;
  interfaces: NetworkInterface[] | null;
}

/**
 * What a server is busy with. Each value is null when it could not be measured; none is negative but the clock's offset. Counters grow until the
 * server, the container or the interface is started anew: what happens per second is for the caller to tell from two measurements.
 * Sizes in bytes.
 */
export interface ServerMeasurements {
  /** Changes with every start of the kernel. */
  bootId: string | null;
  uptimeSeconds: number | null;
  /** By how much the server's clock is ahead of ours, ms; negative when it is behind. */
  clockOffsetMs: number | null;
  /** The offset is right within so many ms: half of the time that the question took. */
  clockUncertaintyMs: number | null;
  /** The kernel's load averages of 1, 5 and 15 minutes. */
  load: number | null;
  load5: number | null;
  load15: number | null;
  cpus: number | null;
  cpuTime: CpuTime | null;
  memoryTotalBytes: number | null;
  /** Not available to new programs; cache that the kernel would give up counts as available. */
  memoryUsedBytes: number | null;
  swapTotalBytes: number | null;
  swapUsedBytes: number | null;
  /** Of the file system that holds the root directory. */
  diskTotalBytes: number | null;
  diskFreeBytes: number | null;
  /** Of the root directory, of the system, and of the place where Docker usually keeps its data. */
  fileSystems: FileSystem[] | null;
  devices: DiskDevice[] | null;
  /** Those that lead outside. */
  interfaces: NetworkInterface[] | null;
  /** Containers whose processes can be seen from where the measurement is made. */
  containers: ContainerUsage[] | null;
}
