import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { sleep } from '@alfa-cloud/service-kit';
import { clientNames } from '../../on-server/names.ts';
import { clientHeader, healthOfClient } from '../../on-server/proxy-configuration.ts';

/** What was seen of a client. */
export interface Look {
  /** Null: nobody can tell. */
  available: boolean | null;
  /** In words; null when it is available. */
  reason: string | null;
}

/** The server on which the client is looked at. */
export interface LookedAtServer {
  domain: string;
  proxy: { httpPort: number };
}

/** Longest wait for the engine, which is asked only where a client does not answer, ms. */
const engineMs = 3000;

/** Statuses by which the proxy says that it got no answer from the container. */
const notPassedOn: ReadonlySet<number> = new Set([502, 504]);

/**
 * Whether the application answers under the client's own name. It does during maintenance and after the last day as well, since the proxy
 * goes on passing on its health: what visitors see instead is told by the client's other attributes.
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
    return {
      available: false,
      reason: !isOwn
        ? 'the proxy of the server does not know the client'
        : ((notPassedOn.has(status) ? await whyContainerIsSilent(cloud, container, options.signal) : null) ??
          `${healthOfClient} answered ${status}`),
    };
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    if (!(await isEngineThere(cloud, options.signal))) return serverIsAway;
    // The proxy waits for a container that is gone longer than is waited for the proxy.
    const reason = (await whyContainerIsSilent(cloud, container, options.signal)) ?? 'no answer';
    return { available: false, reason };
  }
};

export const serverIsAway: Look = { available: null, reason: 'the server does not answer' };

/** Null when the container runs or when nobody can tell. */
const whyContainerIsSilent = async (
  { docker }: CloudServer,
  name: string,
  signal: AbortSignal,
): Promise<string | null> => {
  try {
    const container = await docker.container(name, { deadlineMs: engineMs, signal });
    if (container === null) return 'the container is not there';
    if (container.status === 'running') return null;
    if (container.outOfMemory) return 'container ran out of memory';
    return container.status === 'exited' || container.status === 'restarting' || container.status === 'dead'
      ? `container exited with code ${container.exitCode}`
      : `container is ${container.status}`;
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return null;
  }
};

export const isEngineThere = (cloud: CloudServer, signal: AbortSignal): Promise<boolean> =>
  cloud.docker.ping({ deadlineMs: engineMs, signal }).then(
    () => true,
    () => false,
  );

/** Looks again where the client does not seem available, so that one lost answer is not taken for an outage. */
export const confirmed = async (
  look: () => Promise<Look>,
  { confirmMs, signal }: { confirmMs: number; signal: AbortSignal },
): Promise<Look> => {
  const first = await look();
  if (first.available === true) return first;
  await sleep(confirmMs, signal);
  return look();
};
