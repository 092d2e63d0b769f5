import type { Change } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';

/** The newest change of each resource, for who follows them: as many rows as there are resources, however often they change. */
export interface ChangeRows {
  /** Notes changes by the event at a position; of those of one resource the last counts. */
  touch(position: bigint, changes: readonly Change[]): void;
  /** Writes what was noted. @returns whether that was anything */
  flushChanges(): boolean;
  /** Forgets what was noted, after a transaction that failed. */
  forgetChanges(): void;
}

export const changeRows = (database: DatabaseSync): ChangeRows => {
  const write = database.prepare(
    `INSERT INTO changes (type, id, position, client_id, server_id, removed) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (type, id) DO UPDATE SET position = excluded.position,
       client_id = coalesce(excluded.client_id, client_id), server_id = coalesce(excluded.server_id, server_id),
       removed = excluded.removed`,
  );
  const noted = new Map<string, { position: bigint; change: Change }>();
  return {
    touch(position, changes) {
      for (const change of changes) {
        const key = `${change.type} ${change.id}`;
        const former = noted.get(key)?.change;
        const clientId = change.clientId ?? former?.clientId ?? null;
        const serverId = change.serverId ?? former?.serverId ?? null;
        noted.set(key, { position, change: { ...change, clientId, serverId } });
      }
    },
    flushChanges() {
      for (const { position, change } of noted.values()) {
        const { type, id, clientId, serverId, removed } = change;
        write.run(type, id, position, clientId, serverId, Number(removed));
      }
      const any = noted.size > 0;
      noted.clear();
      return any;
    },
    forgetChanges: () => noted.clear(),
  };
};
