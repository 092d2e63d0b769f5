import { message, reject } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { isKeyLost, type Vault } from '@alfa-cloud/secrets';
import { hookSecretLost } from './open-repository.ts';
import { loadRepository, shownRepository } from './repository-state.ts';

interface Deps {
  store: EventStore;
  vault: Pick<Vault, 'open' | 'seal'>;
}

/** Answered from the events themselves: who has just set it sees it. */
export const repositoryQueries = ({ store, vault }: Deps): QueryHandlers => ({
  async GetRepository() {
    const { state, changedAt } = await loadRepository(store);
    if (state === null) throw reject('not_found', message`No repository is set: PUT /repository`);
    return { result: shownRepository(state, changedAt) };
  },
  async GetGitHook() {
    const { state } = await loadRepository(store);
    const { branches = { dev: '', prod: '' }, hookSecret } = state ?? {};
    const secret = hookSecret === undefined ? null : await forTransport(vault, hookSecret);
    return { result: { secret, branches } };
  },
});

const forTransport = async (vault: Deps['vault'], sealed: string): Promise<string> => {
  try {
    return await vault.seal('transport', await vault.open(sealed));
  } catch (cause) {
    if (!isKeyLost(cause)) throw cause;
    throw reject('unavailable', hookSecretLost);
  }
};
