import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { joined, message, messageInWords, wordsOf, type Message } from '@alfa-cloud/contracts';
import { lastLinesOf, withLastLines, type StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { Semaphore } from '@alfa-cloud/service-kit';
import { loadClientOnServer, type ClientOnServer } from '../../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../../on-server/client-config.ts';
import { final } from '../../../on-server/failures.ts';
import type { Preparation } from '../../../on-server/preparation.ts';
import { containerInService } from '../../steps/container-watch.ts';
import { healthOf } from '../../steps/healthy.ts';
import { readDrained } from '../../../on-server/drained.ts';
import { askedAtOnce, type ClientsDeps } from './record.ts';
import { quietMs, untilOrLate } from './waiting.ts';

/** For all clients together: each that comes back gives the others their time anew. */
const clientsMs = 6 * 3_600_000;
const lastLines = 20;
/** Clients named in the error; all of them stand in the log. */
const namedMax = 10;

interface Missing {
  client: ClientOnServer;
  why: Message;
}

/** Waits until every client that answered before the reboot answers again. */
export const clientsStep = (
  deps: ClientsDeps & { config: Pick<ClientConfig, 'healthMs'> },
): StepWork<Preparation> =>
  serverStep({
    deadlineMs: clientsMs,
    quietMs,
    async act({ server }, { operationId, output, signal }) {
      const { healthMs } = deps.config;
      const { clients: ids } = await readDrained(deps.store, server.id, operationId);
      let waitedFor: ClientOnServer[] = [];
      for (const id of ids) waitedFor.push(await loadClientOnServer(deps, id));
      const total = waitedFor.length;
      const begin = performance.now();
      while (waitedFor.length > 0) {
        const before = waitedFor.length;
        await untilOrLate(
          { deadlineMs: healthMs, output, signal },
          async () => {
            const missing = await missingOf(waitedFor, signal);
            waitedFor = missing.map(({ client }) => client);
            return missing.length < before ? null : missing;
          },
          () => progress({ total, left: before, spentMs: performance.now() - begin }),
          (missing) => notBack(missing, total, output, signal),
        );
      }
      return `Clients that are back: ${total}`;
    },
  });

const missingOf = async (clients: readonly ClientOnServer[], signal: AbortSignal): Promise<Missing[]> => {
  const slots = new Semaphore(askedAtOnce);
  const looks = await Promise.all(
    clients.map((client) => slots.run(async () => ({ client, why: await whyAway(client, signal) }), signal)),
  );
  return looks.flatMap(({ client, why }) => (why === null ? [] : [{ client, why }]));
};

/** Null when it answers. */
const whyAway = async (client: ClientOnServer, signal: AbortSignal): Promise<Message | null> => {
  const { cloud, names } = client;
  try {
    const status = await healthOf(client, containerInService(client), signal);
    if (status === 200) return null;
    const container = await cloud.docker.container(names.container, { signal });
    if (container === null) return message`container ${names.container} is not there`;
    if (container.status === 'running') return message`/healthz answered ${status}`;
    return container.status === 'exited' || container.status === 'restarting'
      ? message`container ${names.container} has ended with exit code ${container.exitCode}`
      : message`container ${names.container} is ${container.status}`;
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return wordsOf(error);
  }
};

/** How many are back, and how long the others will take at this pace. */
const progress = ({ total, left, spentMs }: { total: number; left: number; spentMs: number }): string => {
  const back = total - left;
  const line = `${back} of ${total} clients are back`;
  return back === 0 ? line : `${line}; about ${Math.ceil(((spentMs / back) * left) / 1000)} s more`;
};

const notBack = async (
  missing: readonly Missing[],
  total: number,
  output: (text: string) => void,
  signal: AbortSignal,
): Promise<Error> => {
  const lines = new Map<Missing, string>();
  for (const one of missing) {
    const { client, why } = one;
    const { docker } = client.cloud;
    const said = await docker.lastLines(client.names.container, lastLines, { signal }).catch(() => '');
    lines.set(one, client.redact(said));
    output(`${client.client.slug}: ${messageInWords('en', why)}\n${lastLinesOf(client.redact(said))}\n`);
  }
  const [first] = missing;
  const named = missing.slice(0, namedMax).map(({ client, why }) => joined([client.client.slug, why], ': '));
  const sentence = message`${missing.length} of ${total} clients have not come back after the reboot: ${joined(named, '; ')}`;
  if (first === undefined) return final('clients_not_back', sentence);
  const whose = message`container ${first.client.names.container}`;
  return final('clients_not_back', withLastLines(sentence, whose, lines.get(first) ?? ''));
};
