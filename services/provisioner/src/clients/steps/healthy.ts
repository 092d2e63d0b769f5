import type { Step } from '@alfa-cloud/event-sourcing';
import { sleep } from '@alfa-cloud/service-kit';
import { final, serverStep } from '../../on-server/failures.ts';
import { clientHeader, healthHost, healthPath } from '../../on-server/proxy-configuration.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { ClientSettings } from '../client-settings.ts';
import { createContainerWatch, inLastWords } from './container-watch.ts';

const pollMs = 500;
const slackMs = 60_000;

/**
 * Waits until the application answers 200 on `/healthz`, asked through the proxy, so over the way that real requests take.
 * It says that application, key and database connection are well, not that the database was migrated.
 */
export const healthyStep = ({ healthMs }: Pick<ClientSettings, 'healthMs'>): Step<ClientOnServer> =>
  serverStep({
    name: 'healthy',
    deadlineMs: healthMs + slackMs,
    async act(client, { signal }) {
      const look = createContainerWatch(client);
      const { slug } = client.client;
      const end = performance.now() + healthMs;
      for (;;) {
        await look(signal);
        const { status, headers } = await client.cloud.get(
          { port: client.server.proxy.httpPort, host: healthHost, path: healthPath(slug) },
          { signal },
        );
        if (status === 200 && headers[clientHeader] === slug) return 'The application is healthy';
        if (performance.now() >= end) {
          const sentence = `The application did not become healthy within ${healthMs / 1000} s: /healthz answered ${status}`;
          throw final('unhealthy', await inLastWords(client, sentence, signal));
        }
        await sleep(Math.min(pollMs, healthMs), signal);
      }
    },
  });
