import { isCloudServerError } from '@alfa-cloud/cloud-server';
import {
  type CreateClient,
  type Fault,
  message,
  Rejection,
  told,
  unicodeDomain,
  wordsOf,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import {
  type CloudServers,
  loadServer,
  objectionsToClients,
  type RegisteredServer,
} from '@alfa-cloud/servers';
import { clientImageOn } from '../../resources/image/client-image.ts';
import { findImage, nowhere } from '../../resources/image/find-image.ts';
import { clientNames } from '../../on-server/names.ts';
import { holderOf } from '../../domain/reservations.ts';
import type { Places } from '../../domain/places.ts';
import { serverFull } from '../../domain/places-state.ts';
import { dayIn } from '../../domain/days.ts';
import { isReservedSlug } from '../../domain/reserved-slugs.ts';

/** A creation on a server that was asked for, or is tried. */
export type PlacedCreation = CreateClient & { serverId: string };

export interface AdmissionDeps {
  store: EventStore;
  queries: QuerySender;
  cloudServers: CloudServers;
  places: Places;
  timeZone: string;
}

/** Places of what a creation says. */
export const source = {
  server: { pointer: '/data/relationships/server' },
  slug: { pointer: '/data/attributes/slug' },
  expireDate: { pointer: '/data/attributes/expireDate' },
  image: { pointer: '/data/attributes/image' },
} as const;

/** Everything that speaks against creating this client now; empty when it may be created. */
export const faultsOfCreation = async (
  deps: AdmissionDeps,
  data: PlacedCreation,
  now: Date,
): Promise<Fault[]> => {
  const [server, slug] = await Promise.all([faultsOfServer(deps, data), faultsOfSlug(deps.store, data)]);
  return [...server, ...slug, ...faultsOfDate(data, dayIn(deps.timeZone, now))];
};

const faultsOfSlug = async (store: EventStore, { slug, clientId }: PlacedCreation): Promise<Fault[]> => {
  if (isReservedSlug(slug)) {
    return [
      { code: 'slug_reserved', ...told(message`"${slug}" is kept for Alfa Cloud itself`), ...source.slug },
    ];
  }
  const holder = await holderOf(store, { scope: 'slug', name: slug });
  return holder === null || holder === clientId ? [] : [slugTaken(slug)];
};

/** Somebody else has the slug. */
export const slugTaken = (slug: string): Fault => ({
  code: 'slug_taken',
  ...told(message`"${slug}" belongs to another client`),
  ...source.slug,
});

const faultsOfDate = ({ expireDate }: PlacedCreation, today: string): Fault[] =>
  expireDate >= today
    ? []
    : [
        {
          code: 'expire_date_in_past',
          ...told(message`${expireDate} lies before today, ${today}`),
          ...source.expireDate,
        },
      ];

const faultsOfServer = async (deps: AdmissionDeps, data: PlacedCreation): Promise<Fault[]> => {
  const admitting = await lookAtServer(deps.store, data.serverId);
  if ('faults' in admitting) return admitting.faults;
  const { server } = admitting;
  const faults = await Promise.all([
    faultsOfCapacity(deps, server, data.clientId),
    faultsOfImage(deps, server, data.image),
    faultsOfAddress(deps.store, server, data),
  ]);
  const [capacity, ...others] = faults;
  return [...capacity.map((fault) => ({ ...fault, ...source.server })), ...others.flat()];
};

/** A server that takes clients now. @throws Rejection */
export const admittingServer = async (store: EventStore, serverId: string): Promise<RegisteredServer> => {
  const admitting = await lookAtServer(store, serverId);
  if ('faults' in admitting) throw new Rejection(admitting.faults);
  return admitting.server;
};

const lookAtServer = async (
  store: EventStore,
  serverId: string,
): Promise<{ server: RegisteredServer } | { faults: Fault[] }> => {
  const { state } = await loadServer(store, serverId);
  const faults = objectionsToClients(serverId, state).map((fault) => ({ ...fault, ...source.server }));
  return faults.length > 0 || state.status === 'absent' ? { faults } : { server: state.server };
};

/** Told with everything else that is wrong; the place itself is decided on when it is taken. */
export const faultsOfCapacity = async (
  { places }: Pick<AdmissionDeps, 'places'>,
  server: RegisteredServer,
  clientId: string,
): Promise<Fault[]> => {
  const clients = await places.knownOn(server.id);
  if (clients === null || clients.has(clientId) || clients.size < server.capacity.clients) return [];
  return [serverFull(server, clients.size)];
};

/** Another client may have had the address as an alias before the server got its domain; the proxy would show that one. */
const faultsOfAddress = async (
  store: EventStore,
  { domain }: RegisteredServer,
  { slug }: PlacedCreation,
): Promise<Fault[]> => {
  const { host } = clientNames(slug, domain);
  if ((await holderOf(store, { scope: 'host', name: host })) === null) return [];
  return [
    {
      code: 'alias_taken',
      ...told(message`"${unicodeDomain(host)}" is an alias of another client`),
      ...source.slug,
    },
  ];
};

const faultsOfImage = async (
  deps: AdmissionDeps,
  server: RegisteredServer,
  reference: string,
): Promise<Fault[]> => {
  try {
    const image = await clientImageOn(deps.cloudServers.of(server), reference, { deadlineMs: 5000 });
    if (typeof image === 'object') return [];
    const found = image === 'absent' ? await findImage(deps, { reference }, { to: server }) : null;
    if (found !== null && (found.sources.length > 0 || found.inRegistry)) return [];
    const detail =
      found === null
        ? message`Image ${reference} is not a client application`
        : nowhere({ name: reference, reference, server: server.name }, found);
    return [{ code: 'image_not_on_server', ...told(detail), ...source.image }];
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    const detail = message`Server ${server.name} could not be asked for its images: ${wordsOf(error)}`;
    return [{ code: 'server_unreachable', ...told(detail), ...source.server }];
  }
};
