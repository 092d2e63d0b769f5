import { streams, type AlfaEvent, type ClientEvent, type ServerEvent } from '@alfa-cloud/contracts';
import { fold, type Decider, type EventStore } from '@alfa-cloud/event-sourcing';
import { clientDecider, type ClientState } from './client.ts';
import { serverDecider } from './server.ts';
import type { ServerState } from './server-state.ts';

/** State of an aggregate and the place of its newest event: what a decision about something else is based on. */
export interface Loaded<State> {
  state: State;
  position: bigint;
}

export const loadServer = (store: EventStore, id: string): Promise<Loaded<ServerState>> =>
  load<ServerState, ServerEvent>(store, streams.server(id), serverDecider);

export const loadClient = (store: EventStore, id: string): Promise<Loaded<ClientState>> =>
  load<ClientState, ClientEvent>(store, streams.client(id), clientDecider);

const load = async <State, Event extends AlfaEvent>(
  store: EventStore,
  stream: string,
  decider: Decider<State, never, Event>,
): Promise<Loaded<State>> => {
  const { events } = await store.read<Event>(stream);
  return { state: fold(decider, events), position: events.at(-1)?.position ?? 0n };
};
