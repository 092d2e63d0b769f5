import type { ContainerUsage, ListedContainer, ServerMeasurements } from '@alfa-cloud/cloud-server';
import { fakeMeasurements } from '@alfa-cloud/cloud-server/testing';
import type { Sample } from '../src/monitoring/sample.ts';

export const clientId = '00000000-0000-4000-8000-0000000c1e47';

/** A sample of a server at rest, with one container of a client. */
export const sampleOf = (
  seconds: number,
  changes: Partial<ServerMeasurements> = {},
  usage: Partial<ContainerUsage> = {},
): Sample => {
  const container: ListedContainer = {
    id: 'container-1',
    name: 'alfa-lab',
    imageId: 'sha256:1',
    labels: { 'cloud.alfa.client': clientId },
    status: 'running',
  };
  const used: ContainerUsage = { id: container.id, cpuMs: 0, memoryBytes: 1000, interfaces: [], ...usage };
  return {
    at: seconds * 1000,
    measured: { ...fakeMeasurements(), uptimeSeconds: seconds, ...changes },
    containers: [container],
    usage: new Map([[used.id, used]]),
    dockerVersion: '20.10.24',
  };
};
