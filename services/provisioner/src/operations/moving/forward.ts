import { errorMessage, errorName, sleep } from '@alfa-cloud/service-kit';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { loadClient } from '../../domain/load.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { passedHosts } from '../../on-server/forward-vhost.ts';
import { vhostHeader, vhostProbe } from '../../on-server/virtual-host.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { inspectVirtualHost, reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { forwardOf } from '../../resources/virtual-host/wanted-vhost.ts';
import type { Moving } from './moving.ts';

const slackMs = 120_000;
const pollMs = 100;

/**
 * Has the server that the client has left lead on to the new one. Names that stay the client's are passed on where its proxy reaches the other one,
 * which is tried; else visitors are told to go there. A server that is away is no failure, as the client serves: the watch of pages makes
 * it later.
 */
export const forwardStep = (
  pages: PageDeps,
  { reachableMs }: Pick<ClientConfig, 'reachableMs'>,
): StepWork<Moving> =>
  serverStep({
    deadlineMs: reachableMs + slackMs,
    async act(moving, io) {
      try {
        return await leadOn(pages, moving, reachableMs, io);
      } catch (error) {
        if (!isCloudServerError(error) && errorName(error) !== 'StepFailure') throw error;
        return `${moving.from.names.host} does not lead on yet, and will as soon as its server can be changed: ${errorMessage(error)}`;
      }
    },
  });

const leadOn = async (
  pages: PageDeps,
  { from, to }: Moving,
  reachableMs: number,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<string> => {
  const { state } = await loadClient(pages.store, to.client.id);
  if (state.status !== 'active') throw new Error(`Client ${to.client.id} is ${state.status}`);
  const servers = { from: from.server, to: to.server };
  const passed = passedHosts(forwardOf(state, servers, null, { forward: 'pass' }));
  await reconcileVirtualHost(pages, from, { desired: { forward: 'pass' }, signal });
  if (passed.length === 0) return `${from.names.host} redirects to ${to.address}`;
  if (await arePassedOn({ from, to }, passed, reachableMs, signal)) {
    return `${from.names.host} leads on; ${passed.join(', ')} passed on to server ${to.server.name}`;
  }
  await reconcileVirtualHost(pages, from, { desired: { forward: 'redirect' }, signal });
  return `${from.names.host} redirects to ${to.address}: the proxy of server ${to.server.name} can not be reached from here`;
};

/** Whether the old server's proxy answers with what the new one says of itself. */
const arePassedOn = async (
  { from, to }: Moving,
  [host = '']: readonly string[],
  reachableMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  const there = await inspectVirtualHost(to, { signal });
  const request = { port: from.server.proxy.httpPort, host, path: vhostProbe };
  for (const end = performance.now() + reachableMs; ;) {
    const { headers } = await from.cloud.get(request, { signal });
    if (there !== null && headers[vhostHeader] === there.digest) return true;
    if (performance.now() >= end) return false;
    await sleep(Math.min(pollMs, reachableMs), signal);
  }
};
