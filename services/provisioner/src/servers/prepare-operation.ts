import { deriveId, streams } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import {
  handleCommand,
  type Cause,
  type EventStore,
  type OperationDefinition,
} from '@alfa-cloud/event-sourcing';
import { retry, type Clock } from '@alfa-cloud/service-kit';
import { release } from '../reservations.ts';
import type { Preparation, PreparationSettings } from './preparation.ts';
import { serverDecider, type ServerCommand } from './server.ts';
import { serverNameReservation } from './server-name.ts';
import { clockStep, diskStep, dockerVersionStep, engineFreeStep, reachableStep } from './steps/checks.ts';
import { databaseStep } from './steps/database.ts';
import { networkStep } from './steps/network.ts';
import { proxyStep } from './steps/proxy.ts';

/** How long the engine may be away while the prepared server is looked at, ms. */
const lastLookMs = 60_000;

/** The preparation of a server, in its order. */
export const prepareOperation = (
  store: EventStore,
  settings: PreparationSettings,
  clock: Clock,
  cause: Cause,
): OperationDefinition<Preparation> => ({
  kind: 'server.prepare',
  steps: [
    reachableStep,
    dockerVersionStep,
    diskStep(settings),
    clockStep(settings, clock),
    engineFreeStep,
    networkStep,
    databaseStep(settings),
    proxyStep(settings),
  ],
  async conclude({ server, cloud }, end) {
    const { operationId } = server;
    const record = (command: ServerCommand) =>
      handleCommand(store, {
        stream: streams.server(server.id),
        decider: serverDecider,
        command,
        cause,
        eventIds: (index) => deriveId(operationId, 'end', index),
      });
    if (end.status === 'ok') {
      await record({ type: 'become_ready', operationId, facts: await factsOf(cloud) });
      return { serverId: server.id };
    }
    const { code, reason } =
      end.status === 'cancelled'
        ? { code: 'cancelled', reason: 'The preparation was cancelled on request' }
        : end.cause;
    await record({ type: 'fail_preparation', operationId, code, reason });
    // The same name may be registered again once what was wrong is mended.
    await release(store, serverNameReservation(server), cause);
    return {};
  },
});

const factsOf = (cloud: CloudServer) =>
  retry(
    async () => {
      const { version, engineId, operatingSystem, architecture, cpus, memoryBytes } =
        await cloud.docker.info();
      return { dockerVersion: version, engineId, operatingSystem, architecture, cpus, memoryBytes };
    },
    {
      deadlineMs: lastLookMs,
      maxDelayMs: 2000,
      isRetryable: (error) => isCloudServerError(error) && error.kind === 'transient',
    },
  );
