import { deriveId, streams } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import type { OperationDefinition, Step } from '@alfa-cloud/operations';
import { retry, type Clock } from '@alfa-cloud/service-kit';
import { serverNames } from '../../on-server/names.ts';
import { release } from '../../domain/reservations.ts';
import type { Preparation, PreparationSettings } from '../../on-server/preparation.ts';
import type { ProxyFiles } from '../../resources/server/proxy-files.ts';
import { serverDecider, type ServerCommand } from '../../domain/server.ts';
import { serverNameReservation } from '../../domain/server-name.ts';
import { clockStep, diskStep, dockerVersionStep, engineFreeStep, reachableStep } from './steps/checks.ts';
import { databaseStep } from './steps/database.ts';
import { networkStep } from './steps/network.ts';
import { proxyStep } from './steps/proxy.ts';

/** How long the engine may be away while the prepared server is looked at, ms. */
const lastLookMs = 60_000;

export interface PrepareOperationOptions {
  store: EventStore;
  settings: PreparationSettings;
  proxyFiles: ProxyFiles;
  clock: Clock;
  cause: Cause;
  /** Clients live on the server or may come meanwhile: a failure takes nothing away from them, and the server keeps its name. */
  inService: boolean;
}

/** The preparation of a server, in its order. */
export const prepareOperation = ({
  store,
  settings,
  proxyFiles,
  clock,
  cause,
  inService,
}: PrepareOperationOptions): OperationDefinition<Preparation> => ({
  kind: 'server.prepare',
  steps: [
    reachableStep,
    dockerVersionStep,
    diskStep(settings),
    clockStep(settings, clock),
    engineFreeStep,
    networkStep,
    databaseStep(settings),
    proxyStep(settings, proxyFiles),
  ].map((step) => (inService ? withoutTakingBack(step) : step)),
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
    const stands = inService && (await mayServe(cloud));
    await record({ type: 'fail_preparation', operationId, code, reason, stands });
    // The same name may be registered again once what was wrong is mended.
    if (!inService) await release(store, serverNameReservation(server), cause);
    return {};
  },
});

const withoutTakingBack = <Context>(step: Step<Context>): Step<Context> => {
  const forwards = { ...step };
  delete forwards.compensate;
  return forwards;
};

/** False only when the engine says that the database or the proxy does not run. */
const mayServe = async ({ docker }: CloudServer): Promise<boolean> => {
  try {
    const containers = [serverNames.database, serverNames.proxy].map((name) => docker.container(name));
    return (await Promise.all(containers)).every((container) => container?.status === 'running');
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return true;
  }
};

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
