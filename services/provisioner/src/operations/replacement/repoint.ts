import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';
import { final } from '../../on-server/failures.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { inspectVirtualHost, reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import {
  containerInService,
  createContainerWatch,
  inLastWords,
  type ClientContainer,
} from '../steps/container-watch.ts';
import { healthOf, healthSlackMs } from '../steps/healthy.ts';
import { answersByNewest, awaitReachable, reachableSlackMs } from '../steps/reachable.ts';
import {
  containerOf,
  isRecorded,
  nextContainerStep,
  orRolledBack,
  standsAsWanted,
  type Replacement,
  type ReplacementConfig,
} from './replacement.ts';

/** Leads the visitors to the new container, and back to the old one if the operation fails. */
export const repointStep = (
  pages: PageDeps,
  replacement: Replacement,
  config: ReplacementConfig,
): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: 120_000,
    async act(client, { signal }) {
      const { host } = client.names;
      const next = await containerOf(client, replacement, config, signal);
      // Other faults of it are mended for all clients at once by the operation that deploys to the server.
      if (next === null && !replacement.vhostAnyway && (await leadsToService(client, signal))) {
        return standsAsWanted(client);
      }
      if (next === null) {
        await reconcileVirtualHost(pages, client, { signal });
        return `The virtual host of ${host} is made anew`;
      }
      const desired = { upstream: next.operationId };
      await orRolledBack(() => reconcileVirtualHost(pages, client, { desired, signal }));
      return `${host} leads to container ${next.name}`;
    },
    async compensate(client, { signal }) {
      const { names, containerOrigin } = client;
      if (await isRecorded(pages.store, client, replacement)) return staysWithNew(client);
      const desired = { upstream: containerOrigin.operationId };
      await reconcileVirtualHost(pages, client, { desired, signal });
      await untilLoaded(client, config.reachableMs, signal);
      return `${names.host} leads to container ${names.container}`;
    },
  });

const leadsToService = async (client: ClientOnServer, signal: AbortSignal): Promise<boolean> =>
  (await inspectVirtualHost(client, { signal }))?.upstream === client.containerOrigin.operationId;

/** What a step says that has nothing to take back any more. */
export const staysWithNew = ({ names }: ClientOnServer): string =>
  `The new container serves ${names.host} and is recorded: it stays`;

/**
 * Another container goes next, and the proxy's old workers must have let go of it. Whether the client is well is not asked here.
 * Answers whether they have within that time.
 */
export const untilLoaded = async (
  client: ClientOnServer,
  waitMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  const end = performance.now() + waitMs;
  while (performance.now() < end) {
    if (await answersByNewest(client, signal)) return true;
    await sleep(loadedPollMs, signal);
  }
  return false;
};

/** Sees the client answer under its own name, by the newest virtual host alone. */
export const nextReachableStep = (
  replacement: Replacement,
  config: ReplacementConfig,
): StepWork<ClientOnServer> =>
  serverStep({
    cancellable: true,
    deadlineMs: config.reachableMs + reachableSlackMs,
    async act(client, { signal }) {
      const { reachableMs } = config;
      const next = await containerOf(client, replacement, config, signal);
      if (next === null) {
        // A client whose container stands as wanted is no success either unless it answers.
        const newest = { newest: replacement.vhostAnyway };
        await awaitReachable(client, containerInService(client), reachableMs, signal, newest);
      } else {
        await orRolledBack(() => awaitReachable(client, next, reachableMs, signal, { newest: true }));
      }
      return `${client.address} answers`;
    },
  });

const pollMs = 500;
const loadedPollMs = 100;

/**
 * Watches the new container under the eyes of visitors, before the old one goes. Requests that the old one has begun to answer get
 * this time to end.
 */
export const observeStep = (replacement: Replacement, config: ReplacementConfig): StepWork<ClientOnServer> =>
  nextContainerStep(replacement, config, {
    cancellable: true,
    deadlineMs: config.observeMs + healthSlackMs,
    async act(client, next, { signal }) {
      await orRolledBack(() => staysWell(client, next, config.observeMs, signal));
      return `Container ${next.name} ran ${config.observeMs / 1000} s without a fault`;
    },
  });

/** Bad answers in a row that count: one may be the network's. */
const badAnswersMax = 2;

const staysWell = async (
  client: ClientOnServer,
  container: ClientContainer,
  observeMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const look = createContainerWatch(client, container);
  const { startedAt } = await look(signal);
  const end = performance.now() + observeMs;
  for (let bad = 0; ;) {
    const isOver = performance.now() >= end;
    const state = await look(signal);
    if (state.status !== 'running' || state.startedAt !== startedAt) {
      const sentence = message`The application in container ${container.name} ended while it was observed`;
      throw final('container_exited', await inLastWords(client, sentence, signal, container.name));
    }
    const status = await healthOf(client, container, signal);
    bad = status === 200 ? 0 : bad + 1;
    if (bad >= badAnswersMax) {
      const sentence = message`The application became unhealthy while it was observed: /healthz answered ${status}`;
      throw final('unhealthy', await inLastWords(client, sentence, signal, container.name));
    }
    if (isOver && bad === 0) return;
    await sleep(Math.min(pollMs, observeMs), signal);
  }
};
