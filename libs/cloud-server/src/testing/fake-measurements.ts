import type { ServerMeasurements } from '../measurements/measurements.ts';

const gibibyte = 1024 ** 3;

/** A server at rest, an hour after its start. */
export const fakeMeasurements = (): ServerMeasurements => ({
  bootId: '00000000-0000-4000-8000-00000000b007',
  uptimeSeconds: 3600,
  clockOffsetMs: 3,
  clockUncertaintyMs: 10,
  load: 0.1,
  load5: 0.1,
  load15: 0.1,
  cpus: 2,
  cpuTime: { user: 1000, system: 500, iowait: 10, steal: 0, idle: 700_000 },
  memoryTotalBytes: 8 * gibibyte,
  memoryUsedBytes: gibibyte,
  swapTotalBytes: 0,
  swapUsedBytes: 0,
  diskTotalBytes: 100 * gibibyte,
  diskFreeBytes: 50 * gibibyte,
  fileSystems: [
    {
      path: '/',
      totalBytes: 100 * gibibyte,
      usedBytes: 50 * gibibyte,
      freeBytes: 50 * gibibyte,
      inodes: 6_000_000,
      inodesFree: 5_000_000,
    },
  ],
  devices: [{ name: 'sda', operations: 1000, waitedMs: 2000, busyMs: 1500 }],
  interfaces: [{ name: 'eth0', receivedBytes: 1_000_000, sentBytes: 500_000 }],
  containers: [],
});
