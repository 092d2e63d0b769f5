import { streams, type ServerEvent } from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import { serverDecider } from './server.ts';
import type { ServerState } from './server-state.ts';

/** State of an aggregate and the place of its newest event: what a decision about something else is based on. */
export interface Loaded<State> {
  state: State;
  position: bigint;
}

export const loadServer = async (store: EventStore, id: string): Promise<Loaded<ServerState>> => {
  const { events } = await store.read<ServerEvent>(streams.server(id));
  return { state: fold(serverDecider, events), position: events.at(-1)?.position ?? 0n };
};
