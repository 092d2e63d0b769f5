import type Docker from 'dockerode';

/** A directory of the server or a named volume inside a container. */
export type Mount =
  | { kind: 'volume'; volume: string; target: string }
  /** `source`: absolute path on the server, which must exist. */
  | { kind: 'bind'; source: string; target: string; readOnly: boolean };

/** How a container shall be made. Plain data: the same spec always gives the same container. */
export interface ContainerSpec {
  image: string;
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  network: string;
  /** Further names under which the other containers of {@link network} find it. */
  aliases?: readonly string[];
  /** Networks that it shall be attached to besides; whoever makes it attaches it, since Docker takes one network when it makes a container. */
  furtherNetworks?: readonly string[];
  /** Program and arguments in place of the image's own entry point and command. */
  argv?: readonly string[];
  /** Arguments of the image's own entry point, in place of its command. Not together with `argv`. */
  command?: readonly string[];
  mounts: readonly Mount[];
  /** Published on all addresses of the server. */
  ports: readonly { containerPort: number; hostPort: number }[];
  /** Memory in MiB (swap not added to it), CPUs in cores, processes as a count. Absent: none. */
  limits?: { memoryMb: number; cpus: number; pids: number };
  noNewPrivileges: boolean;
  /** Linux capabilities taken away, then given back. */
  capabilities: { drop: readonly string[]; add: readonly string[] };
  restart: 'no' | 'always';
  /** Rotation of the container's output on the server. */
  log: { maxSizeMb: number; maxFiles: number };
}

/** The body of Docker's `POST /containers/create`. */
export const containerCreateBody = (name: string, spec: ContainerSpec): Docker.ContainerCreateOptions => ({
  name,
  Image: spec.image,
  ...(spec.argv === undefined ? {} : { Entrypoint: spec.argv.slice(0, 1), Cmd: spec.argv.slice(1) }),
  ...(spec.command === undefined ? {} : { Cmd: [...spec.command] }),
  Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`),
  Labels: { ...spec.labels },
  ExposedPorts: Object.fromEntries(spec.ports.map(({ containerPort }) => [`${containerPort}/tcp`, {}])),
  ...(spec.aliases === undefined
    ? {}
    : { NetworkingConfig: { EndpointsConfig: { [spec.network]: { Aliases: [...spec.aliases] } } } }),
  HostConfig: {
    NetworkMode: spec.network,
    RestartPolicy: { Name: spec.restart },
    LogConfig: logOptionsOf(spec.log),
    PortBindings: Object.fromEntries(
      spec.ports.map(({ containerPort, hostPort }) => [
        `${containerPort}/tcp`,
        [{ HostPort: String(hostPort) }],
      ]),
    ),
    Mounts: spec.mounts.map((mount) =>
      mount.kind === 'volume'
        ? { Type: 'volume', Source: mount.volume, Target: mount.target }
        : { Type: 'bind', Source: mount.source, Target: mount.target, ReadOnly: mount.readOnly },
    ),
    SecurityOpt: spec.noNewPrivileges ? ['no-new-privileges:true'] : [],
    CapDrop: [...spec.capabilities.drop],
    CapAdd: [...spec.capabilities.add],
    ...(spec.limits === undefined ? {} : limitsBody(spec.limits)),
  },
});

/** Docker's words for the rotation of a container's output. */
export const logOptionsOf = ({ maxSizeMb, maxFiles }: ContainerSpec['log']) => ({
  Type: 'json-file',
  Config: { 'max-size': `${maxSizeMb}m`, 'max-file': String(maxFiles) },
});

/** Docker's words for the limits. */
export const limitsBody = (limits: NonNullable<ContainerSpec['limits']>): Docker.HostConfig => {
  const memory = limits.memoryMb * 1024 * 1024;
  return {
    Memory: memory,
    // Memory plus swap: equal means that no swap is added.
    MemorySwap: memory,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
  };
};
