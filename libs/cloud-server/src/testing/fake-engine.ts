import { CloudServerError, type CloudServerErrorCode } from '../cloud-server-error.ts';
import type { ContainerSpec } from '../docker/container-spec.ts';
import type { ImageStep } from '../docker/image-step.ts';
import { digestOf } from '../images/digest.ts';
import type {
  ContainerEvent,
  ContainerState,
  EngineInfo,
  ExecRequest,
  ExecResult,
  ImageFacts,
  Labels,
  NetworkFacts,
  OutputLine,
} from '../docker/docker-engine.ts';

/** A container in memory. */
export interface FakeContainer {
  id: string;
  /** What the image's name meant when the container was made. */
  imageId: string;
  spec: ContainerSpec;
  status: ContainerState['status'];
  restartCount: number;
  exitCode: number;
  startedAt: string;
  /** What it is attached to; with a network that is gone it can't be started. */
  networks: Map<string, { aliases: readonly string[]; isGone?: boolean }>;
}

/** What a test has to say of an image. */
type SaidOfImage = 'id' | 'labels' | 'user';

/** An image in memory; without defaults it has none, without layers one of its own. */
export type FakeImage = Pick<ImageFacts, SaidOfImage> &
  Partial<Omit<ImageFacts, SaidOfImage>> & {
    /** Instructions before those of its labels. */
    steps?: readonly ImageStep[];
  };

/** Content of the layer of an image that says nothing of layers. */
export const onlyLayerOf = ({ id }: Pick<FakeImage, 'id'>): string => `layer of ${id}`;

/** What Docker would say of an image. */
export const factsOfImage = (image: FakeImage): ImageFacts => {
  return {
    defaults: { argv: [], entryPoint: [], env: {}, volumes: [] },
    layers: [digestOf(onlyLayerOf(image))],
    sizeBytes: 1,
    createdAt: new Date(0),
    architecture: 'amd64',
    os: 'linux',
    ...image,
  };
};

/** The layers of an image that says nothing of its instructions are of its first one; labels come last, in the order of their names, as in a build. */
export const stepsOfImage = (image: FakeImage): ImageStep[] => {
  const { labels, layers, sizeBytes } = factsOfImage(image);
  const made = layers.map((_, index) => ({
    instruction: '/bin/sh -c #(nop) COPY',
    sizeBytes: index === 0 ? sizeBytes : 0,
  }));
  const labelled = Object.keys(labels)
    .toSorted()
    .map((name) => ({ instruction: `/bin/sh -c #(nop)  LABEL ${name}=${labels[name]}`, sizeBytes: 0 }));
  return [...(image.steps ?? made), ...labelled];
};

/** A network in memory. */
export type FakeNetwork = Omit<NetworkFacts, 'name'>;

/** One {@link DockerEngine.followEvents}. */
export interface FakeFollower {
  labels: readonly string[];
  tell: (event: ContainerEvent) => void;
  /** Something has happened to an image. */
  tellOfImage: () => void;
  /** Ends the connection with that error. */
  cut(error: CloudServerError): void;
}

/** Everything on an engine in memory; a test looks at it and changes it. */
export interface FakeEngine {
  info: EngineInfo;
  /** By name; one without a name by its id. */
  images: Map<string, FakeImage>;
  networks: Map<string, FakeNetwork>;
  volumes: Map<string, Labels>;
  containers: Map<string, FakeContainer>;
  /** What registries have, by reference. */
  registry: Map<string, FakeImage>;
  /** Contents of layers by their digests. */
  layers: Map<string, string>;
  /** It keeps images in containerd: an archive has to hold all layers. Default false. */
  wantsWholeImages?: boolean;
  /** Not null: every call fails with it, as when the engine is away. */
  outage: CloudServerError | null;
  /** Subscribers to events. */
  followers: Set<FakeFollower>;
}

/** What containers do; each has a harmless default. */
export interface FakeBehaviour {
  /** Default: exit code 0 and no output. */
  exec?(call: { container: string; request: ExecRequest }): Partial<ExecResult>;
  /** Changes a container that has just been started, e.g. makes it exit. */
  onStart?(name: string, container: FakeContainer): void;
  lastLines?(name: string): string;
  /** All lines of a container's output. Default: none. */
  outputLines?(name: string): OutputLine[];
  /** Contents of the layers of an image that is built, by the files of its context; what it throws ends the build. Default: one layer of all files. */
  build?(files: ReadonlyMap<string, string>): readonly string[];
  /** Exit code of a container that is waited for while it runs. Default 0. */
  exitCode?(name: string, container: FakeContainer): number;
}

/** Sends the event to the subscribers whose labels it carries. */
export const tellFollowers = (engine: FakeEngine, event: ContainerEvent): void => {
  const { labels } = event;
  for (const follower of engine.followers) {
    const isMeant = follower.labels.every((wanted) => {
      const [key = '', value] = wanted.split('=');
      return value === undefined ? key in labels : labels[key] === value;
    });
    if (isMeant) follower.tell(event);
  }
};

/** The error that a real engine would give. */
export const fail = (code: CloudServerErrorCode, template: string): CloudServerError =>
  new CloudServerError(code === 'not_running' ? 'transient' : 'final', code, { template, values: [] });
