import type { CloudServer } from '@alfa-cloud/cloud-server';
import { deriveId, streams, type OperationEvent } from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { serverDecider } from '@alfa-cloud/servers';
import { lookAt } from './found.ts';
import type { Needs } from './needs.ts';
import { planCleanup, type CleanupPlan } from './plan.ts';
import { removeAll, type Removed } from './remove.ts';

export interface CleanServer {
  serverId: string;
  cloud: CloudServer;
  /** Images that were there before the needs were asked for: of what has come since, nobody may have been asked who brings it. */
  before: ReadonlySet<string>;
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
  { serverId, cloud, before, needs, keep, operationId, asked, cause }: CleanServer,
  io: { signal: AbortSignal; output: (text: string) => void },
): Promise<Removed> => {
  const plan = planCleanup(await lookAt(cloud, io.signal), needs, { serverId, keep });
  const removed = await removeAll(cloud, butFor(plan, before), io);
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

/** The plan, but for images that have come since. */
const butFor = ({ remove, kept, ...plan }: CleanupPlan, before: ReadonlySet<string>): CleanupPlan => {
  const come = remove.filter(({ image }) => !before.has(image.id));
  return {
    ...plan,
    remove: remove.filter(({ image }) => before.has(image.id)),
    kept: [...kept, ...come.map(({ image }) => ({ image, reasons: [] }))],
  };
};

/** Position of the newest event of an operation: read models that have taken it in know of all that was accepted before. */
export const newestPositionOf = async (store: EventStore, operationId: string): Promise<bigint | null> =>
  (await store.read<OperationEvent>(streams.operation(operationId))).events.at(-1)?.position ?? null;
