import type Docker from 'dockerode';
import type { ContainerSpec } from './container-spec.ts';

/** A place in a container where something of the server is mounted. */
export interface FoundMount {
  /** `volume`, `bind`, `tmpfs`, … */
  kind: string;
  /** Name of the volume, or path on the server. */
  source: string;
  target: string;
  readOnly: boolean;
}

/** How a container is made by Docker's own account. Holds the values of variables, secrets among them: never log it. */
export interface ContainerConfiguration {
  argv: readonly string[];
  user: string;
  /** Those of the image among them. */
  env: Readonly<Record<string, string>>;
  /** Those of the image among them. */
  labels: Readonly<Record<string, string>>;
  /** Networks by name; those that the engine will attach it to at its start while it is stopped. */
  networks: Readonly<Record<string, { aliases: readonly string[] }>>;
  /** Anonymous volumes of the image among them. */
  mounts: readonly FoundMount[];
  /** `80/tcp=8080`, with the address before the last port unless that is every address. */
  ports: readonly string[];
  /** 0 or less: no limit. */
  limits: { memoryBytes: number; memoryAndSwapBytes: number; nanoCpus: number; pids: number };
  isPrivileged: boolean;
  noNewPrivileges: boolean;
  /** Without the prefix `CAP_`, sorted. */
  capabilities: { drop: readonly string[]; add: readonly string[] };
  /** Docker's word: `no`, `always`, `unless-stopped`, `on-failure`. */
  restart: string;
  log: { driver: string; options: Readonly<Record<string, string>> };
}

/** What a container made by this spec runs. */
export const argvOf = (
  { argv, command }: Pick<ContainerSpec, 'argv' | 'command'>,
  image: Pick<ImageDefaults, 'argv' | 'entryPoint'>,
): readonly string[] => argv ?? (command === undefined ? image.argv : [...image.entryPoint, ...command]);

/** Reads Docker's answer to `GET /containers/{id}/json`. */
export const configurationOf = ({
  Config,
  HostConfig,
  Mounts,
  NetworkSettings,
}: Docker.ContainerInspectInfo): ContainerConfiguration => ({
  argv: [...listOf(Config.Entrypoint), ...listOf(Config.Cmd)],
  user: Config.User ?? '',
  env: variablesOf(Config.Env),
  labels: Config.Labels ?? {},
  networks: Object.fromEntries(
    Object.entries(NetworkSettings.Networks ?? {}).map(([name, { Aliases }]) => [
      name,
      { aliases: (Aliases as string[] | null | undefined) ?? [] },
    ]),
  ),
  mounts: Mounts.map(({ Type, Name, Source, Destination, RW }) => ({
    kind: Type,
    source: Type === 'volume' ? (Name ?? '') : Source,
    target: Destination,
    readOnly: !RW,
  })),
  ports: portsOf(HostConfig.PortBindings as PortBindings | null | undefined),
  limits: {
    memoryBytes: HostConfig.Memory ?? 0,
    memoryAndSwapBytes: HostConfig.MemorySwap ?? 0,
    nanoCpus: HostConfig.NanoCpus ?? 0,
    pids: HostConfig.PidsLimit ?? 0,
  },
  isPrivileged: HostConfig.Privileged ?? false,
  noNewPrivileges: (HostConfig.SecurityOpt ?? []).some((option: string) =>
    /^no-new-privileges(?:[:=]true)?$/.test(option),
  ),
  capabilities: {
    drop: capabilitiesOf(HostConfig.CapDrop),
    add: capabilitiesOf(HostConfig.CapAdd),
  },
  restart: HostConfig.RestartPolicy?.Name || 'no',
  log: {
    driver: HostConfig.LogConfig?.Type ?? '',
    options: (HostConfig.LogConfig?.Config ?? {}) as Record<string, string>,
  },
});

type PortBindings = Record<string, { HostIp?: string; HostPort?: string }[] | null>;

const everyAddress = new Set(['', '0.0.0.0', '::']);

const portsOf = (bindings: PortBindings | null | undefined): string[] => [
  ...new Set(
    Object.entries(bindings ?? {}).flatMap(([containerPort, places]) =>
      (places ?? []).map(({ HostIp = '', HostPort = '' }) =>
        everyAddress.has(HostIp) ? `${containerPort}=${HostPort}` : `${containerPort}=${HostIp}:${HostPort}`,
      ),
    ),
  ),
];

const listOf = (words: string | readonly string[] | null | undefined): readonly string[] =>
  typeof words === 'string' ? [words] : (words ?? []);

const variablesOf = (lines: readonly string[] | null | undefined): Record<string, string> =>
  Object.fromEntries(
    (lines ?? []).map((line) => {
      const end = line.indexOf('=');
      return end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)];
    }),
  );

/** Engines differ in whether they keep the prefix. */
export const capabilitiesOf = (names: readonly string[] | null | undefined): string[] =>
  [...new Set((names ?? []).map((name) => name.toUpperCase().replace(/^CAP_/, '')))].sort();

/** What a container gets from its image where its spec says nothing. */
export interface ImageDefaults {
  /** Entry point and command. */
  argv: readonly string[];
  entryPoint: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Paths for which an anonymous volume is made. */
  volumes: readonly string[];
}

/** Reads Docker's answer to `GET /images/{name}/json`. */
export const imageDefaultsOf = ({ Config }: Pick<Docker.ImageInspectInfo, 'Config'>): ImageDefaults => ({
  argv: [...listOf(Config?.Entrypoint), ...listOf(Config?.Cmd)],
  entryPoint: listOf(Config?.Entrypoint),
  env: variablesOf(Config?.Env),
  volumes: Object.keys(Config?.Volumes ?? {}),
});
