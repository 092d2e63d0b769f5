import type { BuildEvent, BuildView } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** Of a build that has begun: one that waits for its turn is an operation, and no build yet. */
export type BegunBuildEvent = Exclude<BuildEvent, { type: 'BuildQueued' }>;

/**
 * The build after one more event. Pure.
 * @param current null before its first event
 * @param reused the build that the event says to take the image from; null: it names none, or none that is known
 * @returns null when the event speaks of a build that has not begun
 */
export const projectBuild = (
  current: BuildView | null,
  { type, data, metadata }: RecordedEvent<BegunBuildEvent>,
  reused: BuildView | null,
): BuildView | null => {
  const event = { type, data } as BegunBuildEvent;
  if (event.type === 'BuildBegun') {
    const { operationId: id, role, serverId, startedAt, force } = event.data;
    return {
      id,
      role,
      status: 'running',
      commit: null,
      reusedFrom: null,
      imageId: null,
      tags: [],
      serverId,
      servers: [],
      failure: null,
      force,
      startedAt,
      endedAt: null,
      durationMs: null,
    };
  }
  if (current === null) return null;
  const ended = endedAt(current, metadata.at);
  switch (event.type) {
    case 'BuildCommitChosen': {
      const { commit, reusedFrom } = event.data;
      const image = reused === null ? {} : { imageId: reused.imageId, tags: reused.tags };
      return { ...current, commit, reusedFrom, ...image };
    }
    case 'BuildImagePublished': {
      const { imageId, repository, tag, movingTag } = event.data;
      return { ...current, imageId, tags: [`${repository}:${tag}`, `${repository}:${movingTag}`] };
    }
    case 'BuildDistributed':
      return { ...current, servers: event.data.servers };
    case 'BuildSucceeded':
      return { ...current, ...ended, status: 'ok' };
    case 'BuildFailed':
      return { ...current, ...ended, status: 'error', failure: event.data.cause };
    case 'BuildCancelled':
      return { ...current, ...ended, status: 'cancelled' };
    default:
      return event satisfies never;
  }
};

const endedAt = ({ startedAt }: BuildView, at: string): Pick<BuildView, 'endedAt' | 'durationMs'> => ({
  endedAt: at,
  durationMs: Math.max(0, Date.parse(at) - Date.parse(startedAt)),
});
