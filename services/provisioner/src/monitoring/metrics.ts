import type { ServerMonitoring } from '@alfa-cloud/contracts';

/** What samples are kept of. */
export type SubjectKind = 'server' | 'disk' | 'client';

/**
 * What is kept of each kind, in the order in which it is stored: new ones are added at the end, so that older samples stay readable.
 */
export const metricsOf = {
  server: [
    'load',
    'cpuUser',
    'cpuSystem',
    'cpuIowait',
    'cpuSteal',
    'memoryUsedBytes',
    'memoryTotalBytes',
    'swapUsedBytes',
    'diskWaitMs',
    'diskBusyPercent',
    'networkReceivedBytesPerSecond',
    'networkSentBytesPerSecond',
    'clockOffsetMs',
    'containersRunning',
    'containersTotal',
  ],
  disk: ['usedBytes', 'freeBytes', 'usedPercent', 'inodesUsedPercent'],
  client: [
    'cpuPercent',
    'memoryBytes',
    'receivedBytesPerSecond',
    'sentBytesPerSecond',
    'databaseBytes',
    'storageBytes',
  ],
} as const satisfies Record<SubjectKind, readonly string[]>;

/** The values of one subject at one moment, in the order of {@link metricsOf}. */
export interface SubjectValues {
  kind: SubjectKind;
  /** Path of a disk, id of a client; empty for the server. */
  name: string;
  values: readonly (number | null)[];
}

/** What is kept of a measurement. Pure. */
export const valuesOf = (monitoring: ServerMonitoring): SubjectValues[] => {
  const { cpu, containers, disks, clients } = monitoring;
  const ofServer: Record<(typeof metricsOf.server)[number], number | null> = {
    ...monitoring,
    cpuUser: cpu?.user ?? null,
    cpuSystem: cpu?.system ?? null,
    cpuIowait: cpu?.iowait ?? null,
    cpuSteal: cpu?.steal ?? null,
    containersRunning: containers?.running ?? null,
    containersTotal: containers?.total ?? null,
  };
  return [
    { kind: 'server', name: '', values: metricsOf.server.map((metric) => ofServer[metric]) },
    ...(disks ?? []).map((disk): SubjectValues => {
      const own = { ...disk, inodesUsedPercent: inodesUsedPercent(disk) };
      return { kind: 'disk', name: disk.path, values: metricsOf.disk.map((metric) => own[metric]) };
    }),
    ...(clients ?? []).map((client): SubjectValues => ({
      kind: 'client',
      name: client.id,
      values: metricsOf.client.map((metric) => client[metric]),
    })),
  ];
};

/** Null for a file system that makes them as they are needed. */
export const inodesUsedPercent = (disk: {
  inodes: number | null;
  inodesFree: number | null;
}): number | null =>
  disk.inodes === null || disk.inodesFree === null || disk.inodes <= 0
    ? null
    : Math.min(100, Math.max(0, (1 - disk.inodesFree / disk.inodes) * 100));
