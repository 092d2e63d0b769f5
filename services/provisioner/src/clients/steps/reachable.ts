import type { Step } from '@alfa-cloud/event-sourcing';
import { sleep } from '@alfa-cloud/service-kit';
import { final, serverStep } from '../../on-server/failures.ts';
import { clientHeader } from '../../on-server/proxy-configuration.ts';
import type { Creation } from '../creation.ts';
import type { CreationSettings } from '../creation-settings.ts';
import { inLastWords } from './container-watch.ts';

const pollMs = 250;
const slackMs = 60_000;

/**
 * Sees the client answer under its own name. The header tells its virtual host from the default answer of a worker
 * of the proxy that has not reloaded yet.
 */
export const reachableStep = ({ reachableMs }: Pick<CreationSettings, 'reachableMs'>): Step<Creation> =>
  serverStep({
    name: 'reachable',
    deadlineMs: reachableMs + slackMs,
    async act(creation, { signal }) {
      const { cloud, server, names, client, address } = creation;
      const end = performance.now() + reachableMs;
      for (;;) {
        const { status, headers } = await cloud.get(
          { port: server.proxy.httpPort, host: names.host, path: '/healthz' },
          { signal },
        );
        if (status === 200 && headers[clientHeader] === client.slug) return `${address} answers`;
        if (performance.now() >= end) {
          const sentence = `${address} did not answer through the proxy within ${reachableMs / 1000} s: /healthz answered ${status}`;
          throw final('not_reachable', await inLastWords(creation, sentence, signal));
        }
        await sleep(Math.min(pollMs, reachableMs), signal);
      }
    },
  });
