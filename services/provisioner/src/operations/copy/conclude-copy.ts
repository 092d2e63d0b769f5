import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/** Tells the source that what it held is in the copy now, once. One that was deleted meanwhile has no use for that. */
export const recordCopied = async (
  store: EventStore,
  { client: copy }: Pick<ClientOnServer, 'client'>,
  { operationId, again, cause }: { operationId: string; again: boolean; cause: Cause },
): Promise<void> => {
  const clientId = copy.sourceClientId ?? '';
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const isKnown = events.some(
    ({ type, data }) => type === 'ClientCopied' && data.operationId === operationId,
  );
  if (isKnown) return;
  const { id: copyId, slug, serverId } = copy;
  const command = { type: 'record_copied', operationId, copy: { copyId, slug, serverId, again } } as const;
  await decideOnClient(store, { clientId, operationId, key: 'copied', cause, command });
};
