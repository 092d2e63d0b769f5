import { deriveId, message, prepareServer, reasonOf, streams } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import {
  inOrder,
  type Begun,
  type Execution,
  type OperationEnd,
  type Step,
  type StepsOf,
} from '@alfa-cloud/operations';
import { loadServer, type ServerCommand, serverDecider } from '@alfa-cloud/servers';
import { retry } from '@alfa-cloud/service-kit';
import { serverNames } from '../../on-server/names.ts';
import { release } from '../../domain/reservations.ts';
import { loadPreparation, type Preparation } from '../../on-server/preparation.ts';
import type { OperationsDeps } from '../common/module.ts';
import { serverNameReservation } from '../../domain/server-name.ts';
import {
  clockStep,
  diskStep,
  dockerVersionStep,
  engineFreeStep,
  hostKeyStep,
  reachableStep,
} from './steps/checks.ts';
import { factsIn } from './check-server.ts';
import { databaseStep } from './steps/database.ts';
import { networkStep } from './steps/network.ts';
import { proxyStep } from './steps/proxy.ts';

/** How long the engine may be away while the prepared server is looked at, ms. */
const lastLookMs = 60_000;

/** A preparation that is recorded on the server's stream, ready to be carried out. */
export const begunPreparation = async (
  deps: OperationsDeps,
  { data: { serverId }, cause }: Pick<Execution<{ serverId: string }>, 'data' | 'cause'>,
): Promise<Begun> => {
  const { state } = await loadServer(deps.store, serverId);
  const subject = {
    target: { type: 'server', id: serverId },
    ids: { serverId },
    servers: [serverId],
  } as const;
  // Only a server whose preparation has ended can be removed, and its key is gone with it: nothing is left to do.
  if (state.status === 'removed') return { ...subject, ...nothingToDo };
  // Clients live there or may come meanwhile: a failure takes nothing away from them, and the server keeps its name.
  const inService = state.status !== 'absent' && state.wasReady;
  const steps = inOrder(prepareServer, stepsOf(deps));
  const preparation: Begun<Preparation> = {
    ...subject,
    steps: inService ? steps.map(withoutTakingBack) : steps,
    async load() {
      const context = await loadPreparation(deps, serverId);
      return { context, redact: context.redact };
    },
    conclude: (context, end) => conclude(deps.store, context, end, { cause, inService }),
  };
  return preparation;
};

const nothingToDo: Pick<Begun, 'steps' | 'load' | 'conclude'> = {
  steps: [],
  load: async () => ({ context: null, redact: (text) => text }),
  conclude: async () => ({}),
};

const stepsOf = ({
  preparation: config,
  proxyFiles,
  clock,
}: OperationsDeps): StepsOf<typeof prepareServer, Preparation> => ({
  'host-key': hostKeyStep,
  reachable: reachableStep,
  'docker-version': dockerVersionStep,
  disk: diskStep(config),
  clock: clockStep(config, clock),
  'engine-free': engineFreeStep,
  network: networkStep,
  database: databaseStep(config),
  proxy: proxyStep(config, proxyFiles),
});

const conclude = async (
  store: EventStore,
  { server, cloud }: Preparation,
  end: OperationEnd,
  { cause, inService }: { cause: Cause; inService: boolean },
): Promise<Record<string, unknown>> => {
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
  const { step: _, ...why } =
    end.status === 'cancelled'
      ? { code: 'cancelled', ...reasonOf(message`The preparation was cancelled on request`), step: null }
      : end.cause;
  const stands = inService && (await mayServe(cloud));
  await record({ type: 'fail_preparation', operationId, ...why, stands });
  // The same name may be registered again once what was wrong is mended.
  if (!inService) await release(store, serverNameReservation(server), cause);
  return {};
};

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
  retry(async () => factsIn(await cloud.docker.info()), {
    deadlineMs: lastLookMs,
    maxDelayMs: 2000,
    isRetryable: (error) => isCloudServerError(error) && error.kind === 'transient',
  });
