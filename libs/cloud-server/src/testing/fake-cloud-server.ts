import { randomUUID } from 'node:crypto';
import { message } from '@alfa-cloud/contracts';
import { CloudServerError } from '../cloud-server-error.ts';
import type { CloudServer, PortRequest, PortResponse } from '../cloud-server.ts';
import type { ServerMeasurements } from '../measurements/measurements.ts';
import type { ImageFacts } from '../docker/docker-engine.ts';
import { fakeDocker } from './fake-docker.ts';
import type { FakeBehaviour, FakeEngine } from './fake-engine.ts';
import { fakeFiles, type FakeDisk } from './fake-files.ts';
import { fakeMeasurements } from './fake-measurements.ts';

export interface FakeCloudServerOptions extends FakeBehaviour {
  /** Images on the server by reference. */
  images?: Readonly<Record<string, Partial<ImageFacts>>>;
  /** What the published ports answer. Default: nothing does. */
  get?(request: PortRequest): PortResponse | null;
  /** Called when it is rebooted, which it is at once. */
  onReboot?(): void;
}

/** A server in memory, for unit tests. */
export interface FakeCloudServer extends CloudServer {
  readonly engine: FakeEngine;
  readonly disk: FakeDisk;
  /** What {@link CloudServer.measure} answers. */
  readonly measurements: ServerMeasurements;
  /** How often it was rebooted. */
  readonly reboots: { count: number };
}

export const fakeCloudServer = (options: FakeCloudServerOptions = {}): FakeCloudServer => {
  const engine: FakeEngine = {
    info: {
      version: '20.10.24',
      engineId: 'ENGINE',
      dataRoot: '/var/lib/docker',
      operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
      architecture: 'x86_64',
      cpus: 2,
      memoryBytes: 8 * 1024 ** 3,
      containers: { running: 0, total: 0 },
      systemTime: new Date(),
    },
    images: new Map(
      Object.entries(options.images ?? {}).map(([reference, facts]) => [
        reference,
        {
          id: `sha256:${reference}`,
          labels: {},
          user: '',
          defaults: { argv: [], entryPoint: [], env: {}, volumes: [] },
          ...facts,
        },
      ]),
    ),
    networks: new Map(),
    volumes: new Map(),
    containers: new Map(),
    registry: new Map(),
    layers: new Map(),
    outage: null,
    followers: new Set(),
  };
  const disk: FakeDisk = { files: new Map(), directories: new Set() };
  const measurements = fakeMeasurements();
  const reboots = { count: 0 };
  return {
    engine,
    disk,
    measurements,
    reboots,
    access: { kind: 'local' },
    docker: fakeDocker(engine, options),
    files: fakeFiles(disk),
    measure: async () => structuredClone(measurements),
    async get(request) {
      const response = options.get?.(request) ?? null;
      if (response !== null) return response;
      const words = message`Port ${request.port} of the server does not answer`;
      throw new CloudServerError('transient', 'port_unreachable', words);
    },
    async reboot({ bootId }) {
      if (measurements.bootId !== bootId) return;
      reboots.count += 1;
      measurements.bootId = randomUUID();
      options.onReboot?.();
    },
    close: async () => {},
  };
};
