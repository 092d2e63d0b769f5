import type { Step } from '@alfa-cloud/event-sourcing';
import { sleep } from '@alfa-cloud/service-kit';
import { final, serverStep } from '../../on-server/failures.ts';
import { clientHeader, healthHost, healthPath } from '../../on-server/proxy-configuration.ts';
import type { Creation } from '../creation.ts';
import type { CreationSettings } from '../creation-settings.ts';
import { createContainerWatch, inLastWords } from './container-watch.ts';

const pollMs = 500;
const slackMs = 60_000;

/**
 * Waits until the application answers 200 on `/healthz`, asked through the proxy, so over the way that real requests take.
 * It says that application, key and database connection are well, not that the database was migrated.
 */
export const healthyStep = ({ healthMs }: Pick<CreationSettings, 'healthMs'>): Step<Creation> =>
  serverStep({
    name: 'healthy',
    deadlineMs: healthMs + slackMs,
    async act(creation, { signal }) {
      const look = createContainerWatch(creation);
      const { slug } = creation.client;
      const end = performance.now() + healthMs;
      for (;;) {
        await look(signal);
        const { status, headers } = await creation.cloud.get(
          { port: creation.server.proxy.httpPort, host: healthHost, path: healthPath(slug) },
          { signal },
        );
        if (status === 200 && headers[clientHeader] === slug) return 'The application is healthy';
        if (performance.now() >= end) {
          const sentence = `The application did not become healthy within ${healthMs / 1000} s: /healthz answered ${status}`;
          throw final('unhealthy', await inLastWords(creation, sentence, signal));
        }
        await sleep(Math.min(pollMs, healthMs), signal);
      }
    },
  });
