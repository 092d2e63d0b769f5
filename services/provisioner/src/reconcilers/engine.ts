import type { CloudServer } from '@alfa-cloud/cloud-server';

/** Longest wait for the answer of a Docker Engine that may be away, ms. */
export const engineMs = 3000;

export const isEngineThere = (cloud: CloudServer, signal: AbortSignal): Promise<boolean> =>
  cloud.docker.ping({ deadlineMs: engineMs, signal }).then(
    () => true,
    () => false,
  );
