import {
  message,
  reject,
  slugMax,
  streams,
  told,
  type ClientEvent,
  type CommandData,
  type Fault,
} from '@alfa-cloud/contracts';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import { loadServer } from '@alfa-cloud/servers';
import type { Clock } from '@alfa-cloud/service-kit';
import type { ActiveClient, ClientState } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import { operationInProgress } from '../../domain/operation-in-progress.ts';
import { holderOf, release, reserve } from '../../domain/reservations.ts';
import { faultsOfCreation, type AdmissionDeps, type PlacedCreation } from '../create/admission.ts';
import { dayIn } from '../../domain/days.ts';
import { operationInTheWay } from './source.ts';

export type AskedCopy = Pick<CommandData<'CopyClient'>, 'clientId' | 'targetServer' | 'slug'>;

const suffix = '-stage';

/** Slug of a copy for which none was asked for. @throws Rejection when the source's leaves no room for the suffix */
export const slugOfCopy = ({ slug }: AskedCopy, source: ActiveClient): string => {
  const wanted = slug ?? `${source.client.slug}${suffix}`;
  if (wanted.length <= slugMax) return wanted;
  const detail = message`"${wanted}" would be longer than ${slugMax} characters: send a slug for the copy`;
  throw reject('required', detail, { parameter: 'slug' });
};

/** @throws Rejection unless it is in use */
export const activeSource = (state: ClientState): ActiveClient => {
  switch (state.status) {
    case 'absent':
      throw reject('not_found', message`There is no such client`);
    case 'deleted':
      throw reject('gone', message`This client was deleted`);
    case 'creating':
    case 'failed':
      throw reject('client_not_active', message`The client is ${state.status}`);
    case 'active':
      return state;
    default:
      return state satisfies never;
  }
};

/** An operation that changes the source's data: what would be read is half of one state and half of another. */
export const faultsOfSource = (source: ActiveClient): Fault[] => {
  const other = operationInTheWay(source);
  if (other === null) return [];
  return [operationInProgress(other.operationId, other.kind)];
};

/** Only a stage server takes copies. */
export const faultsOfRole = async (store: EventStore, { targetServer }: AskedCopy): Promise<Fault[]> => {
  const { state } = await loadServer(store, targetServer);
  const parameter = 'targetServer';
  if (state.status === 'absent' || state.status === 'removed') {
    return [{ code: 'server_unknown', ...told(message`Server ${targetServer} does not exist`), parameter }];
  }
  const { name, role } = state.server;
  if (role === 'stage') return [];
  const detail = message`Server ${name} has the role ${role}, and copies are made on servers of role stage alone`;
  return [{ code: 'server_not_stage', ...told(detail), parameter, meta: { role } }];
};

const parameters: Readonly<Record<string, string>> = {
  '/data/relationships/server': 'targetServer',
  '/data/attributes/slug': 'slug',
};

/**
 * Faults of a creation as those of a copy, which is asked for in the query. A slug that another copy of the same client has, as one that was
 * moved away, is told as that.
 */
export const inQuery = async (
  store: EventStore,
  faults: readonly Fault[],
  { slug, source }: Pick<NewCopy, 'slug' | 'source'>,
): Promise<Fault[]> =>
  Promise.all(
    faults.map(async ({ pointer, ...fault }) => {
      const parameter = pointer === undefined ? undefined : parameters[pointer];
      const inWords = fault.code === 'slug_taken' ? await copyElsewhere(store, slug, source) : {};
      return { ...fault, ...inWords, ...(parameter === undefined ? {} : { parameter }) };
    }),
  );

const copyElsewhere = async (
  store: EventStore,
  slug: string,
  source: ActiveClient,
): Promise<Partial<Fault>> => {
  const holder = await holderOf(store, { scope: 'slug', name: slug });
  const { state } = await loadClient(store, holder ?? '');
  if (state.status !== 'active' || state.client.sourceClientId !== source.client.id) return {};
  const { id: clientId, serverId } = state.client;
  const server = await loadServer(store, serverId);
  const name = server.state.status === 'absent' ? serverId : server.state.server.name;
  return {
    ...told(
      message`"${slug}" is the copy of this client on server ${name}: refresh it there, or send a slug for another copy`,
    ),
    meta: { clientId, serverId },
  };
};

interface NewCopy {
  copyId: string;
  slug: string;
  source: ActiveClient;
  serverId: string;
}

/** The creation whose admission a copy needs. */
export const creationOf = (
  { timeZone, clock }: Pick<AdmissionDeps, 'timeZone'> & { clock: Clock },
  { copyId, slug, source, serverId }: NewCopy,
): PlacedCreation => {
  const { locale, image, limits } = source.client;
  return {
    clientId: copyId,
    serverId,
    slug,
    locale,
    image,
    limits,
    // The copy of a client whose time is over is one whose time is over.
    expireDate: dayIn(timeZone, clock()),
    demo: false,
    sendSuccess: false,
    personal: '',
  };
};

/** Everything that speaks against making this copy now, but what speaks against its source and its server's role. */
export const faultsOfNewCopy = async (
  deps: AdmissionDeps & { clock: Clock },
  copy: NewCopy,
): Promise<Fault[]> =>
  inQuery(deps.store, await faultsOfCreation(deps, creationOf(deps, copy), deps.clock()), copy);

/** One copy at most of a client is made on a server: the name of that one is reserved. */
const binding = ({ clientId, targetServer }: AskedCopy, holderId: string) =>
  ({ scope: 'copy', name: `${clientId}.${targetServer}`, holderId }) as const;

/** A copy that is made or being made. */
export type CopyThere = Extract<ClientState, { status: 'creating' | 'active' }>;

/**
 * The copy of the client on that server, made there, being made or moved there; null: there is none. Of several, as moves may bring together,
 * the one with the slug that is asked for, else the one that was made there, else the one that was copied to last.
 */
export const copyOn = async (store: EventStore, asked: AskedCopy): Promise<CopyThere | null> => {
  const bound = await holderOf(store, binding(asked, ''));
  const { events } = await store.read<ClientEvent>(streams.client(asked.clientId));
  const copied = events.flatMap(({ type, data }) => (type === 'ClientCopied' ? [data.copyId] : []));
  const ids = new Set([...(bound === null ? [] : [bound]), ...copied.toReversed()]);
  const there: CopyThere[] = [];
  for (const id of ids) {
    const { state } = await loadClient(store, id);
    if (isCopyThere(state, asked)) there.push(state);
  }
  return there.find(({ client }) => client.slug === asked.slug) ?? there[0] ?? null;
};

const isCopyThere = (state: ClientState, { targetServer }: AskedCopy): state is CopyThere =>
  (state.status === 'creating' || state.status === 'active') && state.client.serverId === targetServer;

/**
 * Binds a copy to be made to its source. One that was deleted, has failed or has moved away is bound no longer, though nobody has said so.
 * @throws Rejection when another copy has come first
 */
export const bindCopy = async (
  store: EventStore,
  asked: AskedCopy,
  copyId: string,
  cause: Cause,
): Promise<void> => {
  const former = await holderOf(store, binding(asked, ''));
  if (former !== null && former !== copyId) {
    const { state } = await loadClient(store, former);
    // One of which nothing is recorded yet is about to be made.
    if (state.status === 'absent' || isCopyThere(state, asked)) throw beingMade(state);
    await release(store, binding(asked, former), cause);
  }
  const holderId = await reserve(store, binding(asked, copyId), cause);
  if (holderId !== copyId) throw beingMade((await loadClient(store, holderId ?? '')).state);
};

const beingMade = (state: ClientState) => {
  const meta =
    state.status === 'absent' ? {} : { operationId: state.client.operationId, kind: 'client.copy' };
  const detail = message`Another copy of this client is being made on the server`;
  return reject('operation_in_progress', detail, { meta });
};

/** Takes that back when no copy was made. */
export const unbindCopy = (
  store: EventStore,
  asked: AskedCopy,
  copyId: string,
  cause: Cause,
): Promise<void> => release(store, binding(asked, copyId), cause);
