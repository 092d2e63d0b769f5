import type { CloudServer } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';
import { final } from '../../on-server/failures.ts';
import { clientHeader, healthOfClient, vhostHeader } from '../../on-server/virtual-host.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { hasReloadedLately } from '../../resources/proxy/change-queue.ts';
import { inspectVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { containerInService, inLastWords, type ClientContainer } from './container-watch.ts';

const pollMs = 30;
/** Good answers in a row that count. After a reload one is not enough: nginx's old workers still accept connections for a moment. */
export const answersInRow = (server: CloudServer): number => (hasReloadedLately(server) ? 6 : 1);
/** Added to the deadline of a step for calls to a slow engine, ms. */
export const reachableSlackMs = 60_000;

/**
 * Waits until the client answers under its own name. A header of its virtual host tells this answer from that of a proxy worker that has not
 * reloaded yet.
 */
export const reachableStep = ({ reachableMs }: Pick<ClientConfig, 'reachableMs'>): StepWork<ClientOnServer> =>
  serverStep({
    cancellable: true,
    deadlineMs: reachableMs + reachableSlackMs,
    async act(client, { signal }) {
      await awaitReachable(client, containerInService(client), reachableMs, signal);
      return `${client.address} answers`;
    },
  });

/**
 * Waits until the client answers under its own name.
 * @param container whose last lines tell why it does not
 * @param options.newest only answers by the virtual host as it stands count, not those of an older one
 */
export const awaitReachable = async (
  client: ClientOnServer,
  container: ClientContainer,
  reachableMs: number,
  signal: AbortSignal,
  { newest = false } = {},
): Promise<void> => {
  const { cloud, server, names, address } = client;
  const { slug } = client.client;
  const request = { port: server.proxy.httpPort, host: names.host, path: healthOfClient };
  const end = performance.now() + reachableMs;
  for (let answers = 0; ;) {
    const vhost = newest ? await inspectVirtualHost(client, { signal }) : null;
    const { status, headers } = await cloud.get(request, { signal });
    const isNewest = vhost === null || headers[vhostHeader] === vhost.digest;
    answers = status === 200 && headers[clientHeader] === slug && isNewest ? answers + 1 : 0;
    if (answers >= answersInRow(cloud)) return;
    if (answers === 0 && performance.now() >= end) {
      const what = isNewest ? message`/healthz answered ${status}` : message`an older configuration answered`;
      const sentence = message`${address} did not answer through the proxy within ${reachableMs / 1000} s: ${what}`;
      throw final('not_reachable', await inLastWords(client, sentence, signal, container.name));
    }
    await sleep(Math.min(pollMs, reachableMs), signal);
  }
};

/** True when the proxy answers by the virtual host as it stands, several times in a row, whatever its status. */
export const answersByNewest = async (client: ClientOnServer, signal: AbortSignal): Promise<boolean> => {
  const { cloud, server, names } = client;
  const request = { port: server.proxy.httpPort, host: names.host, path: healthOfClient };
  for (let answers = 0; answers < answersInRow(cloud); answers += 1) {
    const vhost = await inspectVirtualHost(client, { signal });
    const { headers } = await cloud.get(request, { signal });
    if (vhost === null || headers[vhostHeader] !== vhost.digest) return false;
  }
  return true;
};
