import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { streams, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { foldOperation } from '@alfa-cloud/operations';

/**
 * Removes workspaces whose operations have ended: a builder was killed, and one on another machine has gone on from there. Those of operations that
 * go on stay, and so does what is none of ours.
 */
export const removeLeftWorkspaces = async (store: EventStore, workspaces: string): Promise<void> => {
  for (const operationId of await readdir(workspaces).catch(() => [])) {
    const { events } = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(events).status === 'ended')
      await rm(join(workspaces, operationId), { recursive: true, force: true });
  }
};
