import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';

/** Where Docker keeps images and volumes unless it is told otherwise: the one place whose disk is measured. */
const usualDataRoot = '/var/lib/docker';

/** What is free on the disk of Docker's images and volumes; null when nobody can tell. */
export const freeOnDockerDisk = async (
  cloud: CloudServer,
  options: CallOptions,
): Promise<{
  bytes: number;
  /** Files that can still be made; null for a file system that sets no limit. */
  inodes: number | null;
} | null> => {
  const [{ dataRoot }, { fileSystems }] = await Promise.all([
    cloud.docker.info(options),
    cloud.measure(options),
  ]);
  if (dataRoot !== usualDataRoot || fileSystems === null) return null;
  const [disk] = fileSystems
    .filter(({ path }) => `${dataRoot}/`.startsWith(path.endsWith('/') ? path : `${path}/`))
    .toSorted((a, b) => b.path.length - a.path.length);
  return disk === undefined ? null : { bytes: disk.freeBytes, inodes: disk.inodesFree };
};
