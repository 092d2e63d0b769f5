import { message, reject } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { loadRepository, shownRepository } from './repository-state.ts';

/** Answered from the events themselves: who has just set it sees it. */
export const repositoryQueries = ({ store }: { store: EventStore }): QueryHandlers => ({
  async GetRepository() {
    const { state, changedAt } = await loadRepository(store);
    if (state === null) throw reject('not_found', message`No repository is set: PUT /repository`);
    return { result: shownRepository(state, changedAt) };
  },
});
