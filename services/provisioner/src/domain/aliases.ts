import {
  message,
  type Message,
  told,
  Rejection,
  streams,
  unicodeDomain,
  type ClientEvent,
  type Fault,
} from '@alfa-cloud/contracts';
import { fold, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { loadServer } from '@alfa-cloud/servers';
import { release, reserve } from './reservations.ts';
import { clientDecider } from './client.ts';
import type { ActiveClient } from './client-state.ts';

export interface AliasDeps {
  store: EventStore;
  queries: QuerySender;
}

/**
 * Reserves the further host names that a client shall get beside those that it has. Answers those that are new, for who has to give them back.
 * @throws Rejection with every name that another client or a server's domain has (`alias_taken`) or that leads nobody there; then none stays reserved
 */
export const reserveAliases = async (
  deps: AliasDeps,
  { client, aliases }: Pick<ActiveClient, 'client' | 'aliases'>,
  wanted: readonly string[],
  cause: Cause,
): Promise<string[]> => {
  const { own, all } = await domainsOf(deps, client.serverId);
  const reserved: string[] = [];
  const faults: Fault[] = [];
  for (const [index, name] of wanted.entries()) {
    if (aliases.includes(name)) continue;
    const domain = all.find((known) => liesIn(name, known));
    if (liesIn(name, 'localhost') && !own.some((known) => liesIn(known, 'localhost'))) {
      faults.push(onlyForTrying(index));
    } else if (domain !== undefined) {
      faults.push(
        taken(
          index,
          message`"${unicodeDomain(name)}" lies in ${unicodeDomain(domain)}, the domain of a server`,
        ),
      );
    } else if ((await reserve(deps.store, hostName(name, client.id), cause)) === client.id) {
      reserved.push(name);
    } else {
      faults.push(taken(index, message`"${unicodeDomain(name)}" belongs to another client`));
    }
  }
  if (faults.length === 0) return reserved;
  await releaseUnused(deps.store, client.id, reserved, cause);
  throw new Rejection(faults);
};

/** Gives back the names that were reserved and are not used after all. One that another change has recorded meanwhile stays, as does one of somebody else. */
export const releaseUnused = async (
  store: EventStore,
  clientId: string,
  names: readonly string[],
  cause: Cause,
): Promise<void> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const state = fold(clientDecider, events);
  const kept = new Set(state.status === 'active' ? state.aliases : []);
  for (const name of names) {
    if (!kept.has(name)) await release(store, hostName(name, clientId), cause);
  }
};

/** Gives back every name that the client has had and has no longer; of a deleted client all of them. */
export const releaseFormerAliases = async (
  store: EventStore,
  clientId: string,
  cause: Cause,
): Promise<void> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const had = events.flatMap((event) => (event.type === 'ClientChanged' ? (event.data.aliases ?? []) : []));
  await releaseUnused(store, clientId, [...new Set(had)], cause);
};

const hostName = (name: string, holderId: string) => ({ scope: 'host', name, holderId }) as const;

const taken = (index: number, detail: Message): Fault => ({
  code: 'alias_taken',
  ...told(detail),
  pointer: `/data/attributes/aliases/${index}`,
});

const liesIn = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

/** Names below `localhost` lead everybody to their own machine. */
const onlyForTrying = (index: number): Fault => ({
  code: 'validation_failed',
  ...told(
    message`must be a public host name: one below localhost is for clients of a server whose domain lies there`,
  ),
  pointer: `/data/attributes/aliases/${index}`,
});

/** Domains of all servers, and of the client's own alone. The client's own is known for certain, the others as far as the read model has come. */
const domainsOf = async (
  { store, queries }: AliasDeps,
  serverId: string,
): Promise<{ own: string[]; all: string[] }> => {
  const [{ state }, { result }] = await Promise.all([
    loadServer(store, serverId),
    queries.ask('ListServers', { active: 'all' }),
  ]);
  const own = state.status === 'absent' ? [] : [state.server.domain];
  return { own, all: [...new Set([...own, ...result.items.map(({ domain }) => domain)])] };
};
