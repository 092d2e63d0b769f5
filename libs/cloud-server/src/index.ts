export { CloudServerError, isCloudServerError, type CloudServerErrorCode } from './cloud-server-error.ts';
export type { CallOptions } from './call-options.ts';
export type { CloudServer, PortRequest, PortResponse, ServerFiles } from './cloud-server.ts';
export type { ContainerConfiguration, FoundMount, ImageDefaults } from './docker/container-configuration.ts';
export {
  containerDifferences,
  networksOf,
  type ContainerDifference,
  type ContainerPart,
} from './docker/container-differences.ts';
export type { ContainerSpec, Mount } from './docker/container-spec.ts';
export type {
  ContainerEvent,
  ContainerState,
  DockerEngine,
  EngineInfo,
  ExecRequest,
  ExecResult,
  ImageFacts,
  ImageSummary,
  InspectedContainer,
  Labels,
  ListedContainer,
  NamedThing,
  NetworkFacts,
  NetworkSpec,
  OutputLine,
} from './docker/docker-engine.ts';
export { connectLocalServer, type LocalServerOptions } from './local/local-server.ts';
export type {
  ContainerUsage,
  CpuTime,
  DiskDevice,
  FileSystem,
  NetworkInterface,
  ServerMeasurements,
} from './measurements/measurements.ts';
export type { Commands, CommandRequest } from './ssh/commands.ts';
export type { TriedWay } from './ssh/docker-route.ts';
export { HostKeyChanged, type HostKey } from './ssh/host-key.ts';
export { SshConnection, type SshConnectionOptions } from './ssh/ssh-connection.ts';
export { connectSshServer, type SshCloudServer, type SshServerOptions } from './ssh/ssh-server.ts';
