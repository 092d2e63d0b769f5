import {
  defaultPace,
  message,
  reject,
  streams,
  type RepositoryEvent,
  type RepositoryView,
} from '@alfa-cloud/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Decider, EventStore } from '@alfa-cloud/event-sourcing';
import { defaultUsername } from '../source/repository.ts';

type Set = Extract<RepositoryEvent, { type: 'RepositorySet' }>['data'];

/** The repository as it was set last; null: none is. */
export type RepositoryState = Set | null;

export type RepositoryCommand =
  | { type: 'set'; repository: Set; before: RepositoryState }
  | { type: 'keep' }
  | { type: 'accept_host_key'; hostKey: string; fingerprint: string; before: RepositoryState };

/**
 * `keep` changes nothing and only learns how far the events have come. The others were decided on after the repository was asked, which takes its time:
 * `before` is what it was then.
 * @throws Rejection `repository_changed_meanwhile`
 */
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
        mustBe(command.before, state);
        return [{ type: 'RepositorySet', data: command.repository }];
      case 'keep':
        return [];
      case 'accept_host_key': {
        const { hostKey, fingerprint } = command;
        if (state === null || state.hostKey === hostKey) return [];
        mustBe(command.before, state);
        return [{ type: 'RepositoryHostKeyAccepted', data: { hostKey, fingerprint } }];
      }
      default:
        return command satisfies never;
    }
  },
};

const mustBe = (before: RepositoryState, now: RepositoryState): void => {
  if (isDeepStrictEqual(before, now)) return;
  const words = message`The repository was changed meanwhile: look at it, then send the request again`;
  throw reject('repository_changed_meanwhile', words);
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
  const { credentials: _, hookSecret, ...shown } = set;
  const { username = defaultUsername } = set;
  const { dev, prod } = set.afterBuild ?? {};
  const none = { ...defaultPace, switch: 'none' } as const;
  const afterBuild = { dev: { ...none, ...dev }, prod: { ...none, ...prod } };
  const login = set.access === 'token' ? { username } : {};
  return { ...shown, ...login, afterBuild, changedAt, hook: hookSecret !== undefined };
};
