export { CloudServerError, isCloudServerError, type CloudServerErrorCode } from './cloud-server-error.ts';
export type { CallOptions } from './call-options.ts';
export type { CloudServer, PortRequest, PortResponse, ServerAccess, ServerFiles } from './cloud-server.ts';
export { stagesIn } from './docker/build-output.ts';
export type { BuildSpec } from './docker/build-spec.ts';
export type { ContainerConfiguration, FoundMount, ImageDefaults } from './docker/container-configuration.ts';
export {
  containerDifferences,
  networksOf,
  type ContainerDifference,
  type ContainerPart,
} from './docker/container-differences.ts';
export type { ImageStep } from './docker/image-step.ts';
export type { ContainerSpec, Mount } from './docker/container-spec.ts';
export type {
  ContainerEvent,
  ContainerState,
  DockerEngine,
  EngineInfo,
  ExecRequest,
  ExecResult,
  ImageFacts,
  ImageStreamOptions,
  ImageSummary,
  InspectedContainer,
  Labels,
  ListedContainer,
  NamedThing,
  NetworkFacts,
  NetworkSpec,
  OutputLine,
} from './docker/docker-engine.ts';
export type { CarryOptions, CarryProgress } from './images/carry-options.ts';
export { createImageCarrier, type Carried, type ImageCarrier } from './images/image-carrier.ts';
export type { LayerCacheOptions } from './images/layer-cache.ts';
export type { StreamOptions, StreamRequest, StreamResult } from './docker/exec-stream-request.ts';
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
export {
  HostKeyChanged,
  isHostKeyChanged,
  parseHostKey,
  type HostKey,
  type PinnedHostKey,
} from './ssh/host-key.ts';
export { serveKey, type KeyAgent } from './ssh/key-agent.ts';
export { makeKeyPair, publicKeyOf, type KeyPair } from './ssh/key-pair.ts';
export { isKeyUnusable, type KeyFault, type KeyUnusable, type SshCredentials } from './ssh/login.ts';
export { whyRootRefused, type ServerSurvey } from './ssh/survey.ts';
export { isJumpHostFailure, JumpHostFailure } from './ssh/jump-host.ts';
export type { JumpAccess, SshAccess } from './ssh/ssh-access.ts';
export { SshConnection, type SshConnectionOptions, type SshLink } from './ssh/ssh-connection.ts';
export { connectSshServer, type SshCloudServer, type SshServerOptions } from './ssh/ssh-server.ts';
