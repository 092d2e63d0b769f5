import {
  type MonitoringHistory,
  type ServerMonitoring,
  type ResourceOf,
  type monitoringResource,
  type MetaOf,
} from '@alfa-cloud/contracts';

/** `meta.monitoring`: every value null when nothing could be measured. */
export const presentMonitoring = (measured: ServerMonitoring | null): MetaOf<'monitoring'> => ({
  load: measured?.load ?? null,
  load5: measured?.load5 ?? null,
  load15: measured?.load15 ?? null,
  cpus: measured?.cpus ?? null,
  cpu: measured?.cpu ?? null,
  memoryTotalBytes: measured?.memoryTotalBytes ?? null,
  memoryUsedBytes: measured?.memoryUsedBytes ?? null,
  swapTotalBytes: measured?.swapTotalBytes ?? null,
  swapUsedBytes: measured?.swapUsedBytes ?? null,
  diskTotalBytes: measured?.diskTotalBytes ?? null,
  diskFreeBytes: measured?.diskFreeBytes ?? null,
  disks: measured?.disks ?? null,
  diskWaitMs: measured?.diskWaitMs ?? null,
  diskBusyPercent: measured?.diskBusyPercent ?? null,
  networkReceivedBytesPerSecond: measured?.networkReceivedBytesPerSecond ?? null,
  networkSentBytesPerSecond: measured?.networkSentBytesPerSecond ?? null,
  uptimeSeconds: measured?.uptimeSeconds ?? null,
  clockOffsetMs: measured?.clockOffsetMs ?? null,
  clockUncertaintyMs: measured?.clockUncertaintyMs ?? null,
  containers: measured?.containers ?? null,
  clients: measured?.clients ?? null,
  sizesCheckedAt: measured?.sizesCheckedAt ?? null,
  dockerVersion: measured?.dockerVersion ?? null,
  reserved: measured?.reserved ?? null,
  capacity: measured?.capacity ?? null,
  rateSeconds: measured?.rateSeconds ?? null,
  checkedAt: measured?.checkedAt ?? null,
});

/** Resource `monitoring` of a server: what it is busy with, and what was measured before where that was asked for. */
export const presentServerMonitoring = (
  serverId: string,
  current: ServerMonitoring | null,
  history?: MonitoringHistory,
): ResourceOf<typeof monitoringResource> => ({
  type: 'monitoring',
  id: serverId,
  attributes: { current: presentMonitoring(current), ...history },
  relationships: { server: { data: { type: 'servers', id: serverId } } },
});
