import { CloudServerError, type CloudServerErrorCode } from '../cloud-server-error.ts';
import type { ContainerSpec } from '../docker/container-spec.ts';
import type {
  ContainerState,
  EngineInfo,
  ExecRequest,
  ExecResult,
  ImageFacts,
  Labels,
} from '../docker/docker-engine.ts';

/** A container in memory. */
export interface FakeContainer {
  id: string;
  spec: ContainerSpec;
  status: ContainerState['status'];
  restartCount: number;
  exitCode: number;
  startedAt: string;
}

/** Everything on an engine in memory; a test looks at it and changes it. */
export interface FakeEngine {
  info: EngineInfo;
  images: Map<string, ImageFacts>;
  networks: Map<string, Labels>;
  volumes: Map<string, Labels>;
  containers: Map<string, FakeContainer>;
  /** Not null: every call fails with it, as when the engine is away. */
  outage: CloudServerError | null;
}

/** What containers do; each has a harmless default. */
export interface FakeBehaviour {
  /** Default: exit code 0 and no output. */
  exec?(call: { container: string; request: ExecRequest }): Partial<ExecResult>;
  /** Changes a container that has just been started, e.g. makes it exit. */
  onStart?(name: string, container: FakeContainer): void;
  lastLines?(name: string): string;
}

/** The error that a real engine would give. */
export const fail = (code: CloudServerErrorCode, message: string): CloudServerError =>
  new CloudServerError(code === 'not_running' ? 'transient' : 'final', code, message);
