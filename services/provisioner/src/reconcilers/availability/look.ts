import { message, reasonOf, type Message } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { sleep } from '@alfa-cloud/service-kit';
import { clientNames } from '../../on-server/names.ts';
import { clientHeader, healthOfClient } from '../../on-server/virtual-host.ts';
import { engineMs, isEngineThere } from '../engine.ts';

/** What was seen of a client. */
export interface Look {
  /** Null: not known. */
  available: boolean | null;
  /** In English; null when it is available. */
  reason: string | null;
  /** The same for every language. */
  message?: Message;
}

const unavailable = (words: Message): Look => ({ available: false, ...reasonOf(words) });

/** The server on which the client is looked at. */
export interface LookedAtServer {
  domain: string;
  proxy: { httpPort: number };
}

/** Statuses of a proxy that gets no answer from the container. */
const noUpstream: ReadonlySet<number> = new Set([502, 504]);

/**
 * Whether the application answers under the client's own name. The proxy passes health requests on during maintenance and after the last day as
 * well, so the answer says nothing about the page that visitors see.
 * @param options.deadlineMs longest wait for the client's answer
 */
export const lookAt = async (
  cloud: CloudServer,
  { domain, proxy }: LookedAtServer,
  slug: string,
  options: { deadlineMs: number; signal: AbortSignal },
): Promise<Look> => {
  const { host, container } = clientNames(slug, domain);
  try {
    const request = { port: proxy.httpPort, host, path: healthOfClient };
    const { status, headers } = await cloud.get(request, options);
    const isOwn = headers[clientHeader] === slug;
    if (status === 200 && isOwn) return { available: true, reason: null };
    if (!isOwn) return unavailable(message`the proxy of the server does not know the client`);
    const silence = noUpstream.has(status)
      ? await whyContainerIsSilent(cloud, container, options.signal)
      : null;
    return unavailable(silence ?? message`${healthOfClient} answered ${status}`);
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    if (!(await isEngineThere(cloud, options.signal))) return serverIsAway;
    // The proxy waits longer for a container that is gone than we wait for the proxy.
    return unavailable((await whyContainerIsSilent(cloud, container, options.signal)) ?? message`no answer`);
  }
};

export const serverIsAway: Look = { available: null, ...reasonOf(message`the server does not answer`) };

/** Whatever is away during a reboot is away for that reason. */
export const serverIsRebooting: Look = unavailable(message`the server is being rebooted`);

/** Null when the container runs, or when its state is not known. */
const whyContainerIsSilent = async (
  { docker }: CloudServer,
  name: string,
  signal: AbortSignal,
): Promise<Message | null> => {
  try {
    const container = await docker.container(name, { deadlineMs: engineMs, signal });
    if (container === null) return message`the container is not there`;
    if (container.status === 'running') return null;
    if (container.outOfMemory) return message`container ran out of memory`;
    return container.status === 'exited' || container.status === 'restarting' || container.status === 'dead'
      ? message`container exited with code ${container.exitCode}`
      : message`container is ${container.status}`;
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return null;
  }
};

/** Looks a second time at a client that seems unavailable, so that one lost answer does not count as an outage. */
export const confirmed = async (
  look: () => Promise<Look>,
  { confirmMs, signal }: { confirmMs: number; signal: AbortSignal },
): Promise<Look> => {
  const first = await look();
  if (first.available === true) return first;
  await sleep(confirmMs, signal);
  return look();
};
