import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { deriveId, message, reasonOf, streams } from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import type { OperationEnd } from '@alfa-cloud/operations';
import { retry } from '@alfa-cloud/service-kit';
import { clientDecider, type ClientCommand, type RequestedClient } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import type { Places } from '../../domain/places.ts';
import { release } from '../../domain/reservations.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/** How long the engine may be away while the finished container is looked at, ms. */
const lastLookMs = 60_000;

interface ConcludeDeps {
  store: EventStore;
  places: Places;
}

type FailedEnd = Exclude<OperationEnd, { status: 'ok' }>;

/** Records the end of a creation on the client. */
export const concludeCreation = async (
  deps: ConcludeDeps,
  client: ClientOnServer,
  end: OperationEnd,
  cause: Cause,
): Promise<Record<string, unknown>> => {
  if (end.status !== 'ok') {
    await endFailedCreation(deps, client.client.id, end, cause);
    return {};
  }
  const imageId = await imageIdOf(client);
  await recordEnd(deps.store, client.client, { type: 'complete_creation', imageId }, cause);
  return { clientId: client.client.id, cloud: client.address, imageId };
};

/** Records the failure of a creation, gives back the client's slug and its place on the server. Repeatable. */
export const endFailedCreation = async (
  { store, places }: ConcludeDeps,
  clientId: string,
  end: FailedEnd,
  cause: Cause,
): Promise<void> => {
  const { state } = await loadClient(store, clientId);
  if (state.status !== 'creating' && state.status !== 'failed') return;
  const { slug, serverId } = state.client;
  await recordEnd(store, state.client, failureOf(end), cause);
  await release(store, { scope: 'slug', name: slug, holderId: clientId }, cause);
  await places.freePlace({ serverId, clientId }, cause);
};

const failureOf = (end: FailedEnd): ClientCommand => {
  const { step: _, ...why } =
    end.status === 'cancelled'
      ? { code: 'cancelled', ...reasonOf(message`The creation was cancelled on request`), step: null }
      : end.cause;
  return { type: 'fail_creation', ...why };
};

const recordEnd = async (
  store: EventStore,
  { id, operationId }: RequestedClient,
  command: ClientCommand,
  cause: Cause,
): Promise<void> => {
  await handleCommand(store, {
    stream: streams.client(id),
    decider: clientDecider,
    command,
    cause,
    eventIds: (index) => deriveId(operationId, 'end', index),
  });
};

const imageIdOf = ({ cloud, names }: ClientOnServer): Promise<string> =>
  retry(
    async () => {
      const container = await cloud.docker.container(names.container);
      if (container === null) throw new Error(`Container ${names.container} has vanished`);
      return container.imageId;
    },
    {
      deadlineMs: lastLookMs,
      maxDelayMs: 2000,
      isRetryable: (error) => isCloudServerError(error) && error.kind === 'transient',
    },
  );
