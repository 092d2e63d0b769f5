import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { deriveId, message, reasonOf, streams } from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import type { OperationEnd } from '@alfa-cloud/operations';
import { retry } from '@alfa-cloud/service-kit';
import { clientDecider, type ClientCommand } from '../../domain/client.ts';
import { release } from '../../domain/reservations.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/** How long the engine may be away while the finished container is looked at, ms. */
const lastLookMs = 60_000;

/** Records the end of a creation on the client; a failed one gives its slug back. */
export const concludeCreation = async (
  store: EventStore,
  client: ClientOnServer,
  end: OperationEnd,
  cause: Cause,
): Promise<Record<string, unknown>> => {
  if (end.status !== 'ok') {
    await recordEnd(store, client, failureOf(end), cause);
    const { id, slug } = client.client;
    await release(store, { scope: 'slug', name: slug, holderId: id }, cause);
    return {};
  }
  const imageId = await imageIdOf(client);
  await recordEnd(store, client, { type: 'complete_creation', imageId }, cause);
  return { clientId: client.client.id, cloud: client.address, imageId };
};

const failureOf = (end: Exclude<OperationEnd, { status: 'ok' }>): ClientCommand => {
  const { step: _, ...why } =
    end.status === 'cancelled'
      ? { code: 'cancelled', ...reasonOf(message`The creation was cancelled on request`), step: null }
      : end.cause;
  return { type: 'fail_creation', ...why };
};

const recordEnd = async (
  store: EventStore,
  { client }: ClientOnServer,
  command: ClientCommand,
  cause: Cause,
): Promise<void> => {
  await handleCommand(store, {
    stream: streams.client(client.id),
    decider: clientDecider,
    command,
    cause,
    eventIds: (index) => deriveId(client.operationId, 'end', index),
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
