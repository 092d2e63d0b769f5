import type { ContainerCreateOptions } from 'dockerode';
import { resolve } from 'node:path';
import type { ComposeFile, ComposeService } from './compose-file.ts';

/** Where a service of a compose file is started. */
export interface Placement {
  file: ComposeFile;
  /** Folder of the compose file, by which its relative paths go. */
  directory: string;
  /** Host names of what runs outside of the file's network, and their addresses. */
  outside: Readonly<Record<string, string>>;
}

/** Name of the network that Compose makes for the file. */
export const networkName = (file: ComposeFile): string => `${file.name}_default`;

/** The container that Compose makes of a service. */
export const containerOptions = (
  name: string,
  service: ComposeService,
  { file, directory, outside }: Placement,
): ContainerCreateOptions => {
  const network = networkName(file);
  const { healthcheck, logging } = service;
  return {
    name: `${file.name}-${name}-1`,
    Image: service.image,
    ...(service.command === undefined ? {} : { Cmd: service.command }),
    ...(service.user === undefined ? {} : { User: service.user }),
    Env: Object.entries(service.environment ?? {}).map(([variable, value]) => `${variable}=${value}`),
    ...(service.stop_grace_period === undefined ? {} : { StopTimeout: seconds(service.stop_grace_period) }),
    ...(healthcheck === undefined
      ? {}
      : {
          Healthcheck: {
            Test: healthcheck.test,
            Interval: nanoseconds(healthcheck.interval),
            Timeout: nanoseconds(healthcheck.timeout),
            StartPeriod: nanoseconds(healthcheck.start_period ?? '0s'),
            Retries: healthcheck.retries,
          },
        }),
    ExposedPorts: Object.fromEntries(
      (service.ports ?? []).map((port) => [`${published(port).inside}/tcp`, {}]),
    ),
    HostConfig: {
      NetworkMode: network,
      ...(service.init === undefined ? {} : { Init: service.init }),
      RestartPolicy: { Name: service.restart },
      SecurityOpt: service.security_opt ?? [],
      Binds: [
        ...(service.volumes ?? []).map((volume) => bound(volume, file, directory)),
        ...(service.secrets ?? []).map(
          (secret) => `${resolve(directory, file.secrets[secret]?.file ?? '')}:/run/secrets/${secret}:ro`,
        ),
      ],
      Tmpfs: Object.fromEntries((service.tmpfs ?? []).map((path) => [path, ''])),
      PortBindings: Object.fromEntries(
        (service.ports ?? [])
          .map(published)
          .map(({ address, port, inside }) => [`${inside}/tcp`, [{ HostIp: address, HostPort: port }]]),
      ),
      ExtraHosts: [
        ...(service.extra_hosts ?? []),
        ...Object.entries(outside).map(([host, address]) => `${host}:${address}`),
      ],
      ...(logging === undefined ? {} : { LogConfig: { Type: logging.driver, Config: logging.options } }),
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [name] } } },
  };
};

/** A volume in the short form, with the volume's own name or the whole path on the host. */
const bound = (volume: string, file: ComposeFile, directory: string): string => {
  const [source = '', ...rest] = volume.split(':');
  const named = file.volumes[source]?.name;
  if (named === undefined && !/^[./]/.test(source)) throw new Error(`Volume ${source} is not declared`);
  return [named ?? resolve(directory, source), ...rest].join(':');
};

/** `address:port:port within`. */
const published = (port: string) => {
  const [, address, outer, inside] = /^(.+):(\d+):(\d+)$/.exec(port) ?? [];
  if (address === undefined || outer === undefined || inside === undefined) {
    throw new Error(`Port ${port} is not published on an address`);
  }
  return { address, port: outer, inside };
};

const seconds = (duration: string): number => parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);

const nanoseconds = (duration: string): number => seconds(duration) * 1_000_000_000;
