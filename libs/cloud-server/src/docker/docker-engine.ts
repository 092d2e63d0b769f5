import type { Readable, Writable } from 'node:stream';
import type { CallOptions } from '../call-options.ts';
import type { ContainerUsage } from '../measurements/measurements.ts';
import type { BuildSpec } from './build-spec.ts';
import type { ContainerConfiguration, ImageDefaults } from './container-configuration.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { ImageStep } from './image-step.ts';
import type { StreamOptions, StreamRequest, StreamResult } from './exec-stream-request.ts';

export type Labels = Readonly<Record<string, string>>;

export interface EngineInfo {
  /** For example `20.10.24`. */
  version: string;
  /** Docker's own id of the engine. */
  engineId: string;
  /** Directory of its images and containers. */
  dataRoot: string;
  operatingSystem: string;
  architecture: string;
  cpus: number;
  memoryBytes: number;
  containers: { running: number; total: number };
  /** The server's clock at the moment of the answer. */
  systemTime: Date;
}

export interface ImageFacts {
  /** `sha256:…` */
  id: string;
  labels: Labels;
  /** User that its processes run as; empty is root. */
  user: string;
  defaults: ImageDefaults;
  /** Digests (`sha256:…`) of its layers as plain tar archives, oldest first. Images that begin with the same ones share them on an engine. */
  layers: readonly string[];
  /** Docker's count, in bytes; about what an archive of it holds. */
  sizeBytes: number;
  createdAt: Date;
  /** As Docker calls it: `amd64`. */
  architecture: string;
  /** `linux` */
  os: string;
}

export interface ImageSummary {
  id: string;
  /** `repository:tag`, as many as it has. */
  references: string[];
  labels: Labels;
  sizeBytes: number;
  createdAt: Date;
}

export interface ContainerState {
  id: string;
  name: string;
  imageId: string;
  labels: Labels;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  exitCode: number;
  outOfMemory: boolean;
  /** How often the restart policy has started it again since its last ordinary start. */
  restartCount: number;
  /** Changes whenever it is started. */
  startedAt: string;
}

/** What a list tells of a container. */
export type ListedContainer = Pick<ContainerState, 'id' | 'name' | 'imageId' | 'labels' | 'status'>;

/** A container with how it was made. */
export interface InspectedContainer extends ContainerState {
  configuration: ContainerConfiguration;
}

/** A thing on the engine that has a name and labels. */
export interface NamedThing {
  name: string;
  labels: Labels;
}

/** A network that containers can be attached to. */
export interface NetworkFacts extends NamedThing {
  /** True: its containers reach one another alone, nothing outside. */
  internal: boolean;
  /** Its addresses in CIDR notation; IPv6 ones among them. */
  subnets: readonly string[];
}

/** How a network shall be made. */
export interface NetworkSpec {
  labels: Labels;
  /** Its addresses in CIDR notation. Absent: Docker chooses, of which it can about 30 times. */
  subnet?: string;
  /** Default false. */
  internal?: boolean;
}

export interface OutputLine {
  /** RFC 3339 with nanoseconds. */
  at: string;
  text: string;
}

/** An event of the engine about a container. */
export interface ContainerEvent {
  /** Docker's word: `start`, `die`, `oom`, `stop`, `kill`, `destroy`, `rename`, …; of a network `connect` and `disconnect`. */
  action: string;
  name: string;
  labels: Labels;
  /** The network that it was attached to or detached from. */
  network?: string;
}

export interface ExecRequest {
  /** Program and arguments; no shell looks at them. */
  argv: readonly string[];
  /** Written to the command's standard input, which is then closed. Absent: no standard input. */
  stdin?: string;
  env?: Readonly<Record<string, string>>;
  user?: string;
  /** Output as it comes, standard output and error together. */
  onOutput?: (text: string) => void;
  /** Longest output kept of each stream, in characters; of more the end is kept. Default 65,536. */
  outputMax?: number;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** True when a stream was longer than what is kept of it. */
  truncated: boolean;
}

/** Limits of a call that carries an image. */
export interface ImageStreamOptions extends CallOptions {
  /** Longest time without a byte while there should be some, ms. Default 60 s. */
  idleMs?: number;
}

/**
 * The Docker Engine of one server, as far as Alfa Cloud needs it. Default deadline 15 s a call, {@link DockerEngine.exec} 60 s.
 * Every call rejects with a transient {@link CloudServerError} when the engine can't be reached or fails, and with a final one when it refuses.
 */
export interface DockerEngine {
  /** Resolves when the engine answers. */
  ping(options?: CallOptions): Promise<void>;
  info(options?: CallOptions): Promise<EngineInfo>;

  /** The image with that reference or id, null when it is not on the server. */
  image(reference: string, options?: CallOptions): Promise<ImageFacts | null>;
  /** Whether the registry that the reference names lets the server have the image; false also when nobody answers there. Default deadline 15 s. */
  isInRegistry(reference: string, options?: CallOptions): Promise<boolean>;
  /** All images, intermediate layers left out. */
  images(options?: CallOptions): Promise<ImageSummary[]>;
  /** The instructions that have made an image and its bases, oldest first. Null when it is not on the server. */
  imageSteps(reference: string, options?: CallOptions): Promise<ImageStep[] | null>;
  /** Gives an image one more name; another one that had it loses it. Error `not_found` when there is no image with that id. */
  tagImage(id: string, name: { repository: string; tag: string }, options?: CallOptions): Promise<void>;
  /**
   * Takes a name from an image, and with its last one the image; one without a name goes by its id. While a container is made from the image its last name stays, or with
   * `evenIfUsed` only the name goes (a container that does not run keeps no image then). No-op when absent.
   */
  untagImage(reference: string, options?: CallOptions & { evenIfUsed?: boolean }): Promise<void>;
  /** Fetches an image from its registry. Error `not_found` when the registry has none or is not to be had. Default deadline 10 min. */
  pullImage(reference: string, options?: CallOptions): Promise<void>;
  /**
   * Writes an archive of images (`docker save`) and ends `output`. An image that is named by its id carries no names. The engine may tell of its own failure only by
   * an archive that is not whole: whoever reads it must find out. Errors: `not_found`; transient `deadline_exceeded`, also when nothing comes for too
   * long. Default deadline 1 h.
   */
  saveImage(images: readonly string[], output: Writable, options?: ImageStreamOptions): Promise<void>;
  /**
   * Takes the images of an archive in (`docker load`). Layers that the engine has in the same place of an image need not be in it, unless it keeps
   * images in containerd. Names that the archive carries are taken from other images: leave them out. Nothing is kept of an input that ends with an error.
   * @returns ids, or names, of what was loaded
   * Errors: final `docker_refused` for an archive that it can't read or that lacks something, final `disk_full`; those of the connection. Default deadline 1 h.
   */
  loadImage(input: Readable, options?: ImageStreamOptions): Promise<{ loaded: string[] }>;

  /**
   * Builds an image from a context, a tar archive, by the engine's own builder; no session and no BuildKit are needed, and the limits hold for
   * every command. The call ends with the build: giving up (deadline, signal) or a connection that is cut stops it, and what its steps have
   * made is removed, as after a failure. Errors: final `build_failed` with the engine's sentence, `disk_full`, `docker_refused` for what
   * can't be read; transient `docker_unreachable` when the answer was cut off; those of the connection. Default deadline 1 h.
   */
  buildImage(
    context: Readable,
    spec: BuildSpec,
    options?: CallOptions & { onOutput?: (text: string) => void },
  ): Promise<{ imageId: string }>;

  /** The network with exactly that name, null when there is none. */
  network(name: string, options?: CallOptions): Promise<NetworkFacts | null>;
  /** All networks, whatever their labels. */
  networks(options?: CallOptions): Promise<NetworkFacts[]>;
  /** Makes a bridge network. Errors: `name_in_use` when the name is taken, `subnet_in_use` when another network has some of the addresses. */
  createNetwork(name: string, spec: NetworkSpec, options?: CallOptions): Promise<void>;
  /**
   * No-op when absent. Error `docker_refused` while a running container is attached. A stopped one that is attached can't be started any more:
   * detach it first.
   */
  removeNetwork(name: string, options?: CallOptions): Promise<void>;
  /**
   * Attaches a container, also one that is stopped, under further names if there are any. No-op when it is attached, whatever its names there.
   * Error `not_found` when one of the two is absent.
   */
  connectNetwork(
    network: string,
    container: string,
    wanted?: { aliases?: readonly string[] },
    options?: CallOptions,
  ): Promise<void>;
  /** Detaches a container, also one that is stopped. No-op when it is not attached or one of the two is absent. */
  disconnectNetwork(network: string, container: string, options?: CallOptions): Promise<void>;

  volume(name: string, options?: CallOptions): Promise<NamedThing | null>;
  /** Makes a volume. When the name is taken Docker keeps the old one with its labels: look first, and verify after. */
  createVolume(name: string, labels: Labels, options?: CallOptions): Promise<void>;
  /** No-op when absent. Error `docker_refused` while a container uses it. */
  removeVolume(name: string, options?: CallOptions): Promise<void>;

  container(name: string, options?: CallOptions): Promise<ContainerState | null>;
  /** The container with how it was made; its variables may hold secrets. Null when absent. */
  inspectContainer(name: string, options?: CallOptions): Promise<InspectedContainer | null>;
  /** Makes a container without starting it, on the first of its networks. Errors: `name_in_use`; `not_found` when the image is not there. */
  createContainer(name: string, spec: ContainerSpec, options?: CallOptions): Promise<void>;
  /** No-op when it runs. Errors: `not_found`, `port_in_use`, `docker_refused` when its command can't be started. */
  startContainer(name: string, options?: CallOptions): Promise<void>;
  /** Asks it to end and kills it after 10 s. No-op when it is stopped or absent. Default deadline 30 s. */
  stopContainer(name: string, options?: CallOptions): Promise<void>;
  /** Kills and removes it with its anonymous volumes. No-op when absent. Default deadline 30 s. */
  removeContainer(name: string, options?: CallOptions): Promise<void>;
  /**
   * Gives a container another name; its aliases stay. No-op when both names are the same.
   * Errors: `not_found`, `name_in_use`.
   */
  renameContainer(name: string, newName: string, options?: CallOptions): Promise<void>;
  /**
   * Whether the engine starts it again by itself, also after a restart of the engine (`always`), or leaves it as it is (`no`). It is neither started
   * nor stopped by that. Error `not_found` when it is absent.
   */
  setRestartPolicy(name: string, policy: 'always' | 'no', options?: CallOptions): Promise<void>;
  /** Waits until it has stopped. Error `not_found` when it is absent. Default deadline 60 s. */
  waitContainer(name: string, options?: CallOptions): Promise<{ exitCode: number }>;
  /**
   * Lines of its output with the engine's time of each (RFC 3339, nanoseconds), both streams, oldest first: the last `tail` of those that
   * came after `after` (a line's time; absent: of all). Null when the container is absent.
   */
  outputLines(
    name: string,
    wanted: { tail: number; after?: string },
    options?: CallOptions,
  ): Promise<OutputLine[] | null>;
  /** The last lines of its output, both streams; empty when it has none or is absent. */
  lastLines(name: string, lines: number, options?: CallOptions): Promise<string>;

  /**
   * Runs a command in a running container and waits for its end; an exit code other than 0 is success here.
   * Errors: `not_found`, `not_running`; transient `exec_lost` when nobody can tell how it ended.
   * Giving up (deadline, signal) leaves the command running in the container, as Docker can't end it: see {@link DockerEngine.runningCommands}.
   */
  exec(container: string, request: ExecRequest, options?: CallOptions): Promise<ExecResult>;
  /**
   * The same for bytes of any number, from and to streams of the caller, in bounded memory: the slowest of input, command and output sets the
   * pace. Default deadline 6 h, and 5 min without a byte in either direction. A connection that is cut and an input that breaks reject, never
   * resolve, but the command itself can't tell them from the end of its input: it must look for an end mark where that matters. The
   * output is whole when the exit code is 0; one whose end was lost rejects with transient `exec_lost`. Giving up leaves the command running, as
   * with exec.
   */
  execStream(container: string, request: StreamRequest, options?: StreamOptions): Promise<StreamResult>;
  /** The commands (program and arguments) that these calls have started in the container and that still run. */
  runningCommands(container: string, options?: CallOptions): Promise<string[][]>;

  /** Every container, whatever its labels. */
  listContainers(options?: CallOptions): Promise<ListedContainer[]>;
  /** What a container uses, measured once; every value of one that does not run is null. Null when absent. */
  containerUsage(name: string, options?: CallOptions): Promise<ContainerUsage | null>;
  /** Sizes of volumes, in bytes. The engine reads through all of them: seldom, and never while somebody waits. Default deadline 2 min. */
  volumeSizes(options?: CallOptions): Promise<{ name: string; bytes: number }[]>;

  /**
   * Reports events of containers that carry all these labels (`name=value` or `name`). Resolves when the signal aborts; rejects with a transient
   * error when the connection ends. Has no deadline.
   */
  followEvents(options: {
    labels: readonly string[];
    signal: AbortSignal;
    /** The subscription stands: no later event is missed. */
    onOpen: () => void;
    onEvent: (event: ContainerEvent) => void;
    /** An image was added, removed or renamed, whatever its labels. */
    onImage?: () => void;
  }): Promise<void>;

  /** Everything on the engine, whatever its labels. For inventories. */
  inventory(
    options?: CallOptions,
  ): Promise<{ containers: NamedThing[]; volumes: NamedThing[]; networks: NamedThing[] }>;
}
