import { argvOf, capabilitiesOf, type ContainerConfiguration } from '../docker/container-configuration.ts';
import { limitsBody, logOptionsOf } from '../docker/container-spec.ts';
import type { FakeContainer, FakeEngine } from './fake-engine.ts';

/** What Docker would say of a container in memory. A test that changes the container's spec or networks changes this. */
export const fakeConfiguration = (
  engine: FakeEngine,
  { spec, imageId, networks }: FakeContainer,
): ContainerConfiguration => {
  const image = [...engine.images.values()].find(({ id }) => id === imageId);
  const limits = spec.limits === undefined ? {} : limitsBody(spec.limits);
  const { Type, Config } = logOptionsOf(spec.log);
  return {
    argv: [...argvOf(spec, image?.defaults ?? { argv: [], entryPoint: [] })],
    user: image?.user ?? '',
    env: { ...image?.defaults?.env, ...spec.env },
    labels: { ...image?.labels, ...spec.labels },
    networks: Object.fromEntries([...networks].map(([name, { aliases }]) => [name, { aliases }])),
    mounts: spec.mounts.map((mount) =>
      mount.kind === 'volume'
        ? { kind: 'volume', source: mount.volume, target: mount.target, readOnly: false }
        : mount,
    ),
    ports: spec.ports.map(({ containerPort, hostPort }) => `${containerPort}/tcp=${hostPort}`),
    limits: {
      memoryBytes: limits.Memory ?? 0,
      memoryAndSwapBytes: limits.MemorySwap ?? 0,
      nanoCpus: limits.NanoCpus ?? 0,
      pids: limits.PidsLimit ?? 0,
    },
    isPrivileged: false,
    noNewPrivileges: spec.noNewPrivileges,
    capabilities: {
      drop: capabilitiesOf(spec.capabilities.drop),
      add: capabilitiesOf(spec.capabilities.add),
    },
    restart: spec.restart,
    log: { driver: Type, options: Config },
  };
};
