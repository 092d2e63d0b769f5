import { streams, type RepositoryEvent, type RepositoryView } from '@alfa-cloud/contracts';
import type { Decider, EventStore } from '@alfa-cloud/event-sourcing';

type Set = Extract<RepositoryEvent, { type: 'RepositorySet' }>['data'];

/** The repository as it was set last; null: none is. */
export type RepositoryState = Set | null;

export type RepositoryCommand =
  | { type: 'set'; repository: Set }
  | { type: 'keep' }
  | { type: 'accept_host_key'; hostKey: string; fingerprint: string };

/** `keep` changes nothing and only learns how far the events have come. */
export const repositoryDecider: Decider<RepositoryState, RepositoryCommand, RepositoryEvent> = {
  initialState: () => null,
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'RepositorySet':
        return data;
      case 'RepositoryHostKeyAccepted':
        return state === null
          ? null
          : { ...state, hostKey: data.hostKey, hostKeyFingerprint: data.fingerprint };
      default:
        return type satisfies never;
    }
  },
  decide(command, state) {
    switch (command.type) {
      case 'set':
        return [{ type: 'RepositorySet', data: command.repository }];
      case 'keep':
        return [];
      case 'accept_host_key': {
        const { hostKey, fingerprint } = command;
        if (state === null || state.hostKey === hostKey) return [];
        return [{ type: 'RepositoryHostKeyAccepted', data: { hostKey, fingerprint } }];
      }
      default:
        return command satisfies never;
    }
  },
};

/** The repository as it is set now, and when it was changed last. */
export const loadRepository = async (
  store: EventStore,
): Promise<{ state: RepositoryState; changedAt: string }> => {
  const { events } = await store.read<RepositoryEvent>(streams.repository);
  const state = events.reduce(
    (state: RepositoryState, event) => repositoryDecider.evolve(state, event),
    null,
  );
  return { state, changedAt: events.at(-1)?.metadata.at ?? '' };
};

/** As it is shown: without what opens it. */
export const shownRepository = (set: Set, changedAt: string): RepositoryView => {
  const { credentials: _, ...shown } = set;
  return { ...shown, changedAt };
};
