export { CloudServerError, isCloudServerError, type CloudServerErrorCode } from './cloud-server-error.ts';
export type {
  CallOptions,
  CloudServer,
  PortRequest,
  PortResponse,
  ServerFiles,
  ServerMeasurements,
} from './cloud-server.ts';
export type { ContainerSpec, Mount } from './docker/container-spec.ts';
export type {
  ContainerHappening,
  ContainerState,
  DockerEngine,
  EngineInfo,
  ExecRequest,
  ExecResult,
  ImageFacts,
  ImageSummary,
  Labels,
  NamedThing,
  OutputLine,
} from './docker/docker-engine.ts';
export { connectLocalServer, type LocalServerOptions } from './local/local-server.ts';
