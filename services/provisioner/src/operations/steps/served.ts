import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';
import { closedPage, maintenancePage } from '../../on-server/closed-page.ts';
import { final } from '../../on-server/failures.ts';
import { healthOfClient, vhostHeader } from '../../on-server/virtual-host.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { isClosed } from '../../resources/virtual-host/closing.ts';
import { inspectVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { answersInRow, reachableSlackMs } from './reachable.ts';

const pollMs = 30;

/**
 * Waits until the proxy answers by the client's newest virtual host: with the page, or with the application if the client is open and its
 * container runs. Reads the file before each request, so that a change by another operation meanwhile is no failure.
 */
export const servedStep = ({ reachableMs }: Pick<ClientConfig, 'reachableMs'>): StepWork<ClientOnServer> =>
  serverStep({
    cancellable: true,
    deadlineMs: reachableMs + reachableSlackMs,
    async act(client, { signal }) {
      const { cloud, server, names, address } = client;
      const end = performance.now() + reachableMs;
      for (let answers = 0; ;) {
        const expected = await expectationOf(client, signal);
        const request = { port: server.proxy.httpPort, host: names.host, path: expected.path };
        const { status, headers } = await cloud.get(request, { signal });
        const isNewest = headers[vhostHeader] === expected.digest;
        const isRight = isNewest && (expected.status === null || expected.status === status);
        answers = isRight ? answers + 1 : 0;
        if (answers >= answersInRow(cloud)) return `${address} ${expected.words}`;
        if (answers === 0 && performance.now() >= end) {
          const what = isNewest
            ? message`${expected.path} answered ${status}`
            : message`an older configuration answered`;
          const sentence = message`${address} did not answer as it should within ${reachableMs / 1000} s: ${what}`;
          throw final('not_reachable', sentence);
        }
        await sleep(Math.min(pollMs, reachableMs), signal);
      }
    },
  });

interface ExpectedAnswer {
  path: string;
  digest: string | null;
  /** Null: whatever the application's own state is. */
  status: number | null;
  words: string;
}

const expectationOf = async (onServer: ClientOnServer, signal: AbortSignal): Promise<ExpectedAnswer> => {
  const { cloud, names, client } = onServer;
  const { page = null, digest = null } = (await inspectVirtualHost(onServer, { signal })) ?? {};
  const isClosedByOperation = await isClosed(onServer, { signal });
  if (page === null || digest === null) {
    throw final(
      'vhost_missing',
      message`The virtual host of ${names.host} is not there or was changed by somebody`,
    );
  }
  const closed =
    closedPage(page, client.locale) ?? (isClosedByOperation ? maintenancePage(null, client.locale) : null);
  if (closed !== null) {
    return { path: '/', digest, status: closed.status, words: `shows the ${closed.kind} page` };
  }
  const container = await cloud.docker.container(names.container, { signal });
  return container?.status === 'running'
    ? { path: healthOfClient, digest, status: 200, words: 'answers' }
    : {
        path: healthOfClient,
        digest,
        status: null,
        words: 'leads to the client, whose container does not run',
      };
};
