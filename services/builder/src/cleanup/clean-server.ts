import type { CloudServer } from '@alfa-cloud/cloud-server';
import { deriveId, streams, type OperationEvent } from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { serverDecider } from '@alfa-cloud/servers';
import { lookAt } from './found.ts';
import type { Needs } from './needs.ts';
import { planCleanup } from './plan.ts';
import { removeAll, type Removed } from './remove.ts';

export interface CleanServer {
  serverId: string;
  cloud: CloudServer;
  needs: Needs;
  keep: number;
  /** The operation that removes; `asked`: it is the clean-up itself, else a build. */
  operationId: string;
  asked: boolean;
  cause: Cause;
}

const imagesMax = 100;

/** Removes from one server what nobody needs there, and records it, once for each operation. */
export const cleanServer = async (
  store: EventStore,
  { serverId, cloud, needs, keep, operationId, asked, cause }: CleanServer,
  io: { signal: AbortSignal; output: (text: string) => void },
): Promise<Removed> => {
  const plan = planCleanup(await lookAt(cloud, io.signal), needs, { serverId, keep });
  const removed = await removeAll(cloud, plan, io);
  const { images, leftovers, freedBytes } = removed;
  if (!asked && images.length === 0 && leftovers === 0) return removed;
  await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command: {
      type: 'record_cleanup',
      operationId: asked ? operationId : null,
      buildId: asked ? null : operationId,
      images: images.slice(0, imagesMax).map(({ id, references }) => ({ id, references: [...references] })),
      imagesTotal: images.length,
      leftovers,
      freedBytes,
    },
    cause,
    eventIds: () => deriveId(operationId, 'cleaned', serverId),
  });
  return removed;
};

/** Position of the newest event of an operation: read models that have taken it in know of all that was accepted before. */
export const newestPositionOf = async (store: EventStore, operationId: string): Promise<bigint | null> =>
  (await store.read<OperationEvent>(streams.operation(operationId))).events.at(-1)?.position ?? null;
