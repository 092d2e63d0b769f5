import { message, isRejection, reject, streams, type Queries } from '@alfa-cloud/contracts';
import type { EventStoreConnection } from '@alfa-cloud/event-sourcing';
import type { Positions } from '../read-models/positions.ts';
import type { ProjectorQuery } from '../queries/answers.ts';

export interface MissingDeps {
  eventStore: Pick<EventStoreConnection, 'newestPosition'>;
  positions: Pick<Positions, 'reached' | 'waitFor'>;
}

type Request = Queries[ProjectorQuery]['request'];

/** Stream whose events make the thing that a query names; null for a query that names none. Pure. */
export const streamAskedFor = (name: ProjectorQuery, request: Request): string | null => {
  const { id = '', clientId = '' } = request as { id?: string; clientId?: string };
  if (name === 'GetOperation' || name === 'GetOperationLog') return streams.operation(id);
  if (name === 'GetServer') return streams.server(id);
  if (name === 'GetClient') return streams.client(id);
  if (name === 'GetNotice') return streams.notice(id);
  return name === 'GetCreateLog' ? streams.client(clientId) : null;
};

/** True when nothing is known of it here. A refusal with `meta` says what became of the request, and is an answer. */
export const isMissing = (error: unknown): boolean =>
  isRejection(error) && error.faults.every(({ code, meta }) => code === 'not_found' && meta === undefined);

/**
 * Whether something that is missing here may be missing only because these read models are behind: the event store knows.
 * @returns true when they have come up meanwhile and are to be asked again, false when there really is nothing
 * @throws Rejection `unavailable` when they do not come up in time; when the event store does not answer, with `meta.unchecked`
 */
export const isThereByNow = async (
  { eventStore, positions }: MissingDeps,
  stream: string,
  waitMs: number,
): Promise<boolean> => {
  let newest: bigint | null;
  try {
    newest = await eventStore.newestPosition(stream);
  } catch {
    throw reject(
      'unavailable',
      message`Whether it is there can not be told while the event store does not answer`,
      {
        meta: { unchecked: true },
      },
    );
  }
  if (newest === null || (positions.reached !== null && newest <= positions.reached)) return false;
  if (await positions.waitFor(newest, waitMs)) return true;
  throw reject('unavailable', behind);
};

/** Detail of an answer while the read models are behind the position that the query needs. */
export const behind = message`The read models are behind what the query needs; try again a little later`;
