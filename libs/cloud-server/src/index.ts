export { CloudServerError, isCloudServerError, type CloudServerErrorCode } from './cloud-server-error.ts';
export type { CallOptions } from './call-options.ts';
export type {
  CloudServer,
  PortRequest,
  PortResponse,
  ServerFiles,
  ServerMeasurements,
} from './cloud-server.ts';
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
  NamedThing,
  NetworkFacts,
  NetworkSpec,
  OutputLine,
} from './docker/docker-engine.ts';
export { connectLocalServer, type LocalServerOptions } from './local/local-server.ts';
