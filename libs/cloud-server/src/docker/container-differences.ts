import { message, type Message } from '@alfa-cloud/contracts';
import { isDeepStrictEqual } from 'node:util';
import { argvOf, capabilitiesOf } from './container-configuration.ts';
import { logOptionsOf, limitsBody, type ContainerSpec, type Mount } from './container-spec.ts';
import type { ImageFacts, InspectedContainer } from './docker-engine.ts';

/** What of a container differs. Networks and aliases can be changed while it runs, limits and restart policy as well; the rest needs a new one. */
export type ContainerPart =
  | 'image'
  | 'command'
  | 'environment'
  | 'labels'
  | 'networks'
  | 'aliases'
  | 'mounts'
  | 'ports'
  | 'limits'
  | 'restart'
  | 'privileges'
  | 'log';

/** One way in which a container is not as wanted. */
export interface ContainerDifference {
  part: ContainerPart;
  /** For people: `not attached to network alfa`. Never holds the value of a variable. */
  detail: Message;
}

/**
 * Everything in which a container differs from one that would be made by the spec now; empty when it stands as wanted. Pure.
 * @param image what the spec's image means on that engine now
 */
export const containerDifferences = (
  spec: ContainerSpec,
  image: ImageFacts,
  found: InspectedContainer,
): ContainerDifference[] => {
  const isSameImage = found.imageId === image.id;
  // Of another image nobody knows here what the container has from it and what from somebody else.
  const ofImage = (differences: ContainerDifference[]) => (isSameImage ? differences : []);
  return [
    ...when(!isSameImage, 'image', message`made from ${found.imageId}, while ${spec.image} is ${image.id}`),
    ...ofImage(commandDifferences(spec, image, found)),
    ...entries('environment', spec.env, found.configuration.env, isSameImage ? image.defaults.env : null),
    ...entries('labels', spec.labels, found.configuration.labels, isSameImage ? image.labels : null),
    ...networkDifferences(spec, found),
    ...mountDifferences(spec, image, found),
    ...portDifferences(spec, found),
    ...limitDifferences(spec, found),
    ...other('restart', message`restart policy`, spec.restart, found.configuration.restart),
    ...privilegeDifferences(spec, found),
    ...logDifferences(spec, found),
  ];
};

const when = (isSo: boolean, part: ContainerPart, detail: Message): ContainerDifference[] =>
  isSo ? [{ part, detail }] : [];

const other = (
  part: ContainerPart,
  what: Message,
  wanted: string | number | boolean,
  found: string | number | boolean,
): ContainerDifference[] =>
  when(wanted !== found, part, message`${what}: ${String(found)} in place of ${String(wanted)}`);

const commandDifferences = (
  spec: ContainerSpec,
  image: ImageFacts,
  { configuration }: InspectedContainer,
): ContainerDifference[] => [
  // Its words may be long, and nobody knows what a foreign command holds.
  ...when(
    !isDeepStrictEqual(configuration.argv, [...argvOf(spec, image.defaults)]),
    'command',
    message`another command is run`,
  ),
  ...other('privileges', message`user`, image.user || 'root', configuration.user || 'root'),
];

const sentences = {
  environment: {
    missing: (name: string) => message`variable ${name} is missing`,
    other: (name: string) => message`variable ${name} has another value`,
    extra: (name: string) => message`variable ${name} is not wanted`,
  },
  labels: {
    missing: (name: string) => message`label ${name} is missing`,
    other: (name: string) => message`label ${name} has another value`,
    extra: (name: string) => message`label ${name} is not wanted`,
  },
};

/** @param ofImage what the container has from its image; null: unknown, so that nothing counts as too much */
const entries = (
  part: 'environment' | 'labels',
  wanted: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  ofImage: Readonly<Record<string, string>> | null,
): ContainerDifference[] => {
  const is = sentences[part];
  const expected = { ...ofImage, ...wanted };
  const extra = ofImage === null ? [] : Object.keys(found).filter((name) => !Object.hasOwn(expected, name));
  return [
    ...Object.entries(expected).flatMap(([name, value]) => {
      if (!Object.hasOwn(found, name)) return when(true, part, is.missing(name));
      return when(found[name] !== value, part, is.other(name));
    }),
    ...extra.flatMap((name) => when(true, part, is.extra(name))),
  ];
};

/** The networks that a container made by the spec is attached to. */
export const networksOf = ({ network, furtherNetworks = [] }: ContainerSpec): string[] => [
  network,
  ...furtherNetworks,
];

const networkDifferences = (
  spec: ContainerSpec,
  { configuration: { networks } }: InspectedContainer,
): ContainerDifference[] => {
  const wanted = networksOf(spec);
  const attached = networks[spec.network];
  const missingAliases =
    attached === undefined ? [] : (spec.aliases ?? []).filter((alias) => !attached.aliases.includes(alias));
  return [
    ...wanted
      .filter((name) => !Object.hasOwn(networks, name))
      .flatMap((name) => when(true, 'networks', message`not attached to network ${name}`)),
    ...Object.keys(networks)
      .filter((name) => !wanted.includes(name))
      .flatMap((name) => when(true, 'networks', message`attached to network ${name}, which is not wanted`)),
    ...missingAliases.flatMap((alias) =>
      when(true, 'aliases', message`alias ${alias} is missing on network ${spec.network}`),
    ),
  ];
};

const mountDifferences = (
  spec: ContainerSpec,
  image: ImageFacts,
  { imageId, configuration }: InspectedContainer,
): ContainerDifference[] => {
  const isOfImage = (target: string) => imageId !== image.id || image.defaults.volumes.includes(target);
  return [
    ...spec.mounts.flatMap((mount) => {
      const found = configuration.mounts.find(({ target }) => target === mount.target);
      if (found === undefined) return when(true, 'mounts', message`nothing is mounted at ${mount.target}`);
      return when(
        !isSameMount(mount, found),
        'mounts',
        message`something else is mounted at ${mount.target}`,
      );
    }),
    ...configuration.mounts
      .filter(({ target }) => !spec.mounts.some((mount) => mount.target === target))
      .filter(({ kind, target }) => kind !== 'volume' || !isOfImage(target))
      .flatMap(({ target }) => when(true, 'mounts', message`the mount at ${target} is not wanted`)),
  ];
};

const isSameMount = (wanted: Mount, found: InspectedContainer['configuration']['mounts'][number]): boolean =>
  found.kind === wanted.kind &&
  found.source === (wanted.kind === 'volume' ? wanted.volume : wanted.source) &&
  found.readOnly === (wanted.kind === 'bind' && wanted.readOnly);

const portDifferences = (
  spec: ContainerSpec,
  { configuration }: InspectedContainer,
): ContainerDifference[] => {
  const wanted = spec.ports.map(({ containerPort, hostPort }) => `${containerPort}/tcp=${hostPort}`);
  const { ports } = configuration;
  return [
    ...wanted.filter((port) => !ports.includes(port)).map((port) => message`port ${port} is not published`),
    ...ports.filter((port) => !wanted.includes(port)).map((port) => message`port ${port} is published`),
  ].map((detail) => ({ part: 'ports', detail }));
};

const limitDifferences = (
  spec: ContainerSpec,
  { configuration }: InspectedContainer,
): ContainerDifference[] => {
  const { memoryBytes, memoryAndSwapBytes, nanoCpus, pids } = configuration.limits;
  const wanted = spec.limits === undefined ? {} : limitsBody(spec.limits);
  const limit = (value: number | undefined): number => Math.max(0, value ?? 0);
  // A kernel that does not count swap has Docker put down -1, however the container was made.
  const swap = memoryAndSwapBytes === -1 ? limit(wanted.MemorySwap) : memoryAndSwapBytes;
  return [
    ...other('limits', message`memory in bytes`, limit(wanted.Memory), limit(memoryBytes)),
    ...other('limits', message`memory and swap in bytes`, limit(wanted.MemorySwap), limit(swap)),
    ...other('limits', message`CPU time in 1/10^9 of a core`, limit(wanted.NanoCpus), limit(nanoCpus)),
    ...other('limits', message`number of processes`, limit(wanted.PidsLimit), limit(pids)),
  ];
};

const privilegeDifferences = (
  spec: ContainerSpec,
  { configuration }: InspectedContainer,
): ContainerDifference[] => {
  const { drop, add } = configuration.capabilities;
  const words = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(' '));
  return [
    ...when(configuration.isPrivileged, 'privileges', message`the container is privileged`),
    ...other('privileges', message`no-new-privileges`, spec.noNewPrivileges, configuration.noNewPrivileges),
    ...other(
      'privileges',
      message`dropped capabilities`,
      words(capabilitiesOf(spec.capabilities.drop)),
      words(drop),
    ),
    ...other(
      'privileges',
      message`added capabilities`,
      words(capabilitiesOf(spec.capabilities.add)),
      words(add),
    ),
  ];
};

const logDifferences = (
  spec: ContainerSpec,
  { configuration }: InspectedContainer,
): ContainerDifference[] => {
  const { Type, Config } = logOptionsOf(spec.log);
  const { driver, options } = configuration.log;
  return when(
    driver !== Type || !isDeepStrictEqual(options, Config),
    'log',
    message`another log configuration`,
  );
};
