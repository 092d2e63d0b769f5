import {
  cleanUpServer as operation,
  message,
  Rejection,
  reject,
  streams,
  type DataOf,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import { inOrder, ownCause, type Implementation, type StepWork } from '@alfa-cloud/operations';
import { isBeingRebooted, loadServer, serverStep } from '@alfa-cloud/servers';
import { endAbandonedBuild } from '../builds/record.ts';
import type { BuildDeps } from '../operation/building.ts';
import { openServer, type OpenServer } from '../servers/registered.ts';
import { cleanServer, newestPositionOf } from './clean-server.ts';
import { imageIdsOn } from './found.ts';
import { needsOf } from './needs.ts';

export type CleanupDeps = Pick<BuildDeps, 'store' | 'queries' | 'cloudServers'> & {
  config: Pick<BuildDeps['config'], 'keep'>;
};

const removalMs = 30 * 60_000;

/** Removes from a server what nobody needs there. Done again after a crash it removes what is left. */
export const cleanUpServer = (
  deps: CleanupDeps,
): Implementation<DataOf<typeof operation>, typeof operation> => ({
  operation,
  async begin({ data: { serverId }, operationId, cause }) {
    await refuseUnlessStanding(deps.store, serverId);
    return {
      target: { type: 'server', id: serverId },
      ids: { serverId },
      // It takes no place among builds, which it would wait for.
      servers: [],
      steps: inOrder<OpenServer>(operation, { remove: removeStep(deps, cause) }),
      load: async () => ({ context: await openServer(deps, serverId), redact: (text) => text }),
      conclude: async (_context, end) =>
        end.status === 'ok' ? resultOf(deps.store, serverId, operationId) : {},
    };
  },
});

/** @throws Rejection `not_found`, `gone`, `operation_in_progress` while the server is rebooted */
export const refuseUnlessStanding = async (store: EventStore, serverId: string): Promise<void> => {
  const { state } = await loadServer(store, serverId);
  if (state.status === 'absent') throw reject('not_found', message`Server ${serverId} does not exist`);
  if (state.status === 'removed') throw reject('gone', message`Server ${state.server.name} was removed`);
  if (state.reboot !== null) throw new Rejection([isBeingRebooted(state.reboot)]);
};

const removeStep = (deps: CleanupDeps, cause: Cause): StepWork<OpenServer> =>
  serverStep({
    deadlineMs: removalMs,
    cancellable: true,
    async act({ server, cloud }, { operationId, signal, output }) {
      const { store, config } = deps;
      for (const role of ['dev', 'prod'] as const) await endAbandonedBuild(store, role, ownCause());
      const from = await newestPositionOf(store, operationId);
      const before = await imageIdsOn(cloud, signal);
      const needs = await needsOf(deps, { but: operationId, from, signal });
      const clean = {
        serverId: server.id,
        cloud,
        before,
        needs,
        keep: config.keep,
        operationId,
        asked: true,
        cause,
      };
      const { images, leftovers, freedBytes } = await cleanServer(store, clean, { signal, output });
      const freed = `${images.length} images and ${leftovers} containers and networks removed`;
      return `${freed}, ${Math.round(freedBytes / 1e6)} MB freed`;
    },
  });

const resultOf = async (
  store: EventStore,
  serverId: string,
  operationId: string,
): Promise<Record<string, unknown>> => {
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  const cleaned = events.findLast(
    ({ type, data }) => type === 'ServerCleanedUp' && data.operationId === operationId,
  );
  if (cleaned?.type !== 'ServerCleanedUp') return { serverId };
  const { images, imagesTotal, leftovers, freedBytes } = cleaned.data;
  return { serverId, images, imagesTotal, leftovers, freedBytes };
};
