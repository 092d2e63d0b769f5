import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import type { Loaded } from '@alfa-cloud/servers';
import { clientDecider, type ClientState } from './client.ts';

export const loadClient = async (store: EventStore, id: string): Promise<Loaded<ClientState>> => {
  const { events } = await store.read<ClientEvent>(streams.client(id));
  return { state: fold(clientDecider, events), position: events.at(-1)?.position ?? 0n };
};
