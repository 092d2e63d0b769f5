import { message, wordsOf } from '@alfa-cloud/contracts';
import { containerDifferences, isCloudServerError } from '@alfa-cloud/cloud-server';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import type { StepFailure, StepIo, StepWork } from '@alfa-cloud/operations';
import { isForClient, isMadeBy, type Origin, serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { loadClient } from '../../domain/load.ts';
import { final, nameOccupied } from '../../on-server/failures.ts';
import type { ClientFact } from '../../domain/client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import type { ClientContainer } from '../steps/container-watch.ts';
import {
  planOfClient,
  recordedImage,
  type PlanConfig,
  type WantedImage,
} from '../../resources/container/client-container.ts';

/** One client's container to be replaced, without a gap, by one that this operation makes. */
export interface Replacement {
  operationId: string;
  cause: Cause;
  /** What the new container shall run from. */
  imageOf(client: ClientOnServer): WantedImage;
  /** Replace also a container that stands as it would be made now. */
  always: boolean;
  /** Make the virtual host anew also when the container is not replaced. */
  vhostAnyway: boolean;
  /** What is recorded of the client once the new container is the one that serves. `imageId`: what it runs from. */
  fact(client: ClientOnServer, imageId: string): ClientFact;
}

/** Settings of a replacement. */
export type ReplacementConfig = Pick<
  ClientConfig,
  'storagePath' | 'network' | 'steadyMs' | 'healthMs' | 'reachableMs' | 'observeMs'
>;

/** Who makes the new container. */
export const originOf = (
  { client, server }: ClientOnServer,
  { operationId }: Pick<Replacement, 'operationId'>,
): Origin => ({ serverId: server.id, clientId: client.id, operationId });

/** True once the container of this operation is recorded as the one that serves: from then on nothing of the replacement is taken back. */
export const isRecorded = async (
  store: EventStore,
  { client }: ClientOnServer,
  { operationId }: Pick<Replacement, 'operationId'>,
): Promise<boolean> => {
  const { state } = await loadClient(store, client.id);
  return state.status === 'active' && state.containerOperationId === operationId;
};

/**
 * Where the container of this operation is or shall be: beside the one in service, or in its place already. Null when the one in service
 * stands in every respect as it would be made now and is not replaced. Follows from what stands on the server, which nobody else changes meanwhile, so every step and
 * every worker comes to the same answer.
 */
export const containerOf = async (
  client: ClientOnServer,
  replacement: Replacement,
  config: PlanConfig,
  signal: AbortSignal,
): Promise<ClientContainer | null> => {
  const { cloud, names, containerOrigin } = client;
  const { operationId, always } = replacement;
  const inService = await cloud.docker.inspectContainer(names.container, { signal });
  if (inService === null) return { name: names.nextContainer, operationId };
  if (isMadeBy(originOf(client, replacement), inService.labels))
    return { name: names.container, operationId };
  if (!isForClient(client.client.id, inService.labels))
    throw nameOccupied(message`Container ${names.container}`);
  const beside = await cloud.docker.container(names.nextContainer, { signal });
  const isBegun = beside !== null && isMadeBy(originOf(client, replacement), beside.labels);
  if (always || isBegun || containerOrigin.operationId === operationId)
    return { name: names.nextContainer, operationId };
  const { plan, facts } = await planOfClient(
    client,
    { image: recordedImage(client), config, origin: containerOrigin },
    { signal },
  );
  return containerDifferences(plan, facts, inService).length === 0
    ? null
    : { name: names.nextContainer, operationId };
};

/** A step that works on the container of this operation, and has nothing to do when the one in service stands as wanted. */
export const nextContainerStep = (
  replacement: Replacement,
  config: PlanConfig,
  {
    act,
    ...step
  }: Omit<StepWork<ClientOnServer>, 'act'> & {
    act: (client: ClientOnServer, next: ClientContainer, io: StepIo) => Promise<string>;
  },
): StepWork<ClientOnServer> =>
  serverStep({
    ...step,
    async act(client, io) {
      const next = await containerOf(client, replacement, config, io.signal);
      return next === null ? standsAsWanted(client) : act(client, next, io);
    },
  });

/** What a step says when there is nothing to replace. */
export const standsAsWanted = ({ names }: ClientOnServer): string =>
  `Container ${names.container} stands as wanted: it is not replaced`;

/** A final failure from here on means that the container which served goes on doing so: the code says that, the reason why. */
export const orRolledBack = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const isFinal =
      isCloudServerError(error) || errorName(error) === 'StepFailure'
        ? (error as StepFailure).kind === 'final'
        : false;
    if (!isFinal) throw error;
    throw final('rolled_back', wordsOf(error));
  }
};
