import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';
import { final } from '../../on-server/failures.ts';
import { containerHeader, healthHost, healthPath } from '../../on-server/proxy-configuration.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import {
  containerInService,
  createContainerWatch,
  inLastWords,
  type ClientContainer,
} from './container-watch.ts';

const pollMs = 500;
/** Added to the deadline of a step for calls to a slow engine, ms. */
export const healthSlackMs = 60_000;
/**
 * Longer than the proxy waits for a container, ms. The proxy then answers 504 for an application that hangs, and is not taken for a proxy
 * that is away.
 */
const answerMs = 15_000;

/**
 * Waits until the application answers 200 on `/healthz`, asked through the proxy as real requests are. That proves application, key and
 * database connection, not that the database was migrated.
 */
export const healthyStep = ({ healthMs }: Pick<ClientConfig, 'healthMs'>): StepWork<ClientOnServer> =>
  serverStep({
    cancellable: true,
    deadlineMs: healthMs + healthSlackMs,
    async act(client, { signal }) {
      await awaitHealthy(client, containerInService(client), healthMs, signal);
      return 'The application is healthy';
    },
  });

/** Waits until the application in a container of the client is healthy. */
export const awaitHealthy = async (
  client: ClientOnServer,
  container: ClientContainer,
  healthMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const look = createContainerWatch(client, container);
  const end = performance.now() + healthMs;
  for (;;) {
    await look(signal);
    const status = await healthOf(client, container, signal);
    if (status === 200) return;
    if (performance.now() >= end) {
      const sentence = message`The application did not become healthy within ${healthMs / 1000} s: /healthz answered ${status}`;
      throw final('unhealthy', await inLastWords(client, sentence, signal, container.name));
    }
    await sleep(Math.min(pollMs, healthMs), signal);
  }
};

/** Status of `/healthz` in a container of the client, asked through the proxy. Not 200 when another container has answered. */
export const healthOf = async (
  { cloud, server }: ClientOnServer,
  { operationId }: ClientContainer,
  signal: AbortSignal,
): Promise<number> => {
  const request = { port: server.proxy.httpPort, host: healthHost, path: healthPath(operationId) };
  const { status, headers } = await cloud.get(request, { signal, deadlineMs: answerMs });
  return status === 200 && headers[containerHeader] !== operationId ? 404 : status;
};
