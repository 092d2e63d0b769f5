import type { Step } from '@alfa-cloud/event-sourcing';
import { sleep } from '@alfa-cloud/service-kit';
import { final, serverStep } from '../../on-server/failures.ts';
import { clientHeader, healthOfClient } from '../../on-server/proxy-configuration.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ClientSettings } from '../client-settings.ts';
import { inLastWords } from './container-watch.ts';

const pollMs = 100;
/** Good answers in a row. One is not enough: while nginx reloads, its old workers go on accepting connections for a moment beside the new ones. */
const answersInRow = 6;
const slackMs = 60_000;

/**
 * Sees the client answer under its own name. The header tells its virtual host from the default answer of a worker
 * of the proxy that has not reloaded yet.
 */
export const reachableStep = ({ reachableMs }: Pick<ClientSettings, 'reachableMs'>): Step<ClientOnServer> =>
  serverStep({
    name: 'reachable',
    deadlineMs: reachableMs + slackMs,
    async act(client, { signal }) {
      const { cloud, server, names, address } = client;
      const { slug } = client.client;
      const end = performance.now() + reachableMs;
      for (let answers = 0; ;) {
        const { status, headers } = await cloud.get(
          { port: server.proxy.httpPort, host: names.host, path: healthOfClient },
          { signal },
        );
        answers = status === 200 && headers[clientHeader] === slug ? answers + 1 : 0;
        if (answers >= answersInRow) return `${address} answers`;
        if (answers === 0 && performance.now() >= end) {
          const sentence = `${address} did not answer through the proxy within ${reachableMs / 1000} s: /healthz answered ${status}`;
          throw final('not_reachable', await inLastWords(client, sentence, signal));
        }
        await sleep(Math.min(pollMs, reachableMs), signal);
      }
    },
  });
