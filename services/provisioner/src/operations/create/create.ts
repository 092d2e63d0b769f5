import { createClient, deriveId, streams } from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { inOrder, type Begun, type OperationEnd, type StepsOf } from '@alfa-cloud/operations';
import { retry } from '@alfa-cloud/service-kit';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { release } from '../../domain/reservations.ts';
import { clientDecider, type ClientCommand } from '../../domain/client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';
import { onClient } from '../common/on-client.ts';
import { demoFillStep, migrateStep, ownerStep } from '../steps/commands.ts';
import { configStep } from '../steps/config.ts';
import { containerStep } from '../steps/container.ts';
import { databaseStep } from '../steps/database.ts';
import { healthyStep } from '../steps/healthy.ts';
import { networkStep } from '../steps/network.ts';
import { reachableStep } from '../steps/reachable.ts';
import { reserveStep } from '../steps/reserve.ts';
import { newSettingsStep } from '../steps/settings.ts';
import { newVhostStep } from '../steps/vhost.ts';
import { volumeStep } from '../steps/volume.ts';
import { requestedClient } from './request-creation.ts';

/** How long the engine may be away while the finished container is looked at, ms. */
const lastLookMs = 60_000;

/** Makes a client and all that is its own; a failure takes back what was made and gives its slug back. */
export const create: OperationModule<typeof createClient> = {
  operation: createClient,
  implement: (deps) => ({
    operation: createClient,
    async begin(execution): Promise<Begun<ClientOnServer>> {
      const { state, position } = await requestedClient(deps, execution);
      deps.clientCount.noteCreation(position);
      return {
        ...onClient(deps, state),
        steps: inOrder(stepsOf(deps)),
        conclude: (client, end) => conclude(deps, client, end, execution.cause),
      };
    },
    afterwards: async () => deps.onCreated(),
  }),
};

const stepsOf = (deps: OperationsDeps): StepsOf<typeof createClient, ClientOnServer> => {
  const { store, settings } = deps;
  return {
    reserve: reserveStep(store),
    config: configStep,
    database: databaseStep,
    volume: volumeStep,
    network: networkStep(settings),
    container: containerStep(settings),
    healthy: healthyStep(settings),
    migrate: migrateStep(settings),
    owner: ownerStep(settings, ({ secrets }) => secrets.ownerPassword),
    demo: demoFillStep(settings, ({ client }) => !client.demo),
    settings: newSettingsStep(deps),
    vhost: newVhostStep(deps),
    reachable: reachableStep(settings),
  };
};

const conclude = async (
  { store }: OperationsDeps,
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

const failureOf = (end: Exclude<OperationEnd, { status: 'ok' }>): ClientCommand =>
  end.status === 'cancelled'
    ? { type: 'fail_creation', code: 'cancelled', reason: 'The creation was cancelled on request' }
    : { type: 'fail_creation', code: end.cause.code, reason: end.cause.reason };

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
