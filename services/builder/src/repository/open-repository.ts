import { message, type Message } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { StepFailure } from '@alfa-cloud/operations';
import { isKeyLost, type Vault } from '@alfa-cloud/secrets';
import type { GitSettings } from '../source/git-environment.ts';
import { readAddress } from '../source/repository-address.ts';
import type { Repository, RepositoryCredentials } from '../source/repository.ts';
import { loadRepository } from './repository-state.ts';

interface Deps {
  store: EventStore;
  vault: Pick<Vault, 'open'>;
  git: Pick<GitSettings, 'fileUrls'>;
}

/**
 * The repository as it is set now, with what opens it; null: none is set.
 * @throws StepFailure when its address is allowed no more, or what opens it is lost
 */
export const openRepository = async ({ store, vault, git }: Deps): Promise<Repository | null> => {
  const { state } = await loadRepository(store);
  if (state === null) return null;
  const { url, branches, dockerfile, hostKey, credentials, username } = state;
  const read = readAddress(url, git);
  if ('fault' in read) throw new StepFailure('final', 'repository_address_not_allowed', read.fault);
  return {
    url,
    address: read.address,
    branches,
    dockerfile,
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(username === undefined ? {} : { username }),
    credentials: credentials === undefined ? null : await openCredentials(vault, credentials),
  };
};

/** @throws StepFailure when the key that they are sealed with is lost */
export const openCredentials = async (
  vault: Pick<Vault, 'open'>,
  sealed: string,
): Promise<RepositoryCredentials> =>
  JSON.parse(await openSealed(vault, sealed, credentialsLost)) as RepositoryCredentials;

const credentialsLost = message`What opens the repository was sealed with a former master key: put that one back, or send key or token anew (PUT /repository)`;

/** What is told of the secret of the hook when the key that it is sealed with is lost. */
export const hookSecretLost = message`The secret of the hook was sealed with a former master key: put that one back, or send "hookSecret" anew (PATCH /repository) and write the same one at the host of the repository`;

/** @throws StepFailure with the words when the key that it is sealed with is lost */
export const openSealed = async (
  vault: Pick<Vault, 'open'>,
  sealed: string,
  lost: Message,
): Promise<string> => {
  try {
    return await vault.open(sealed);
  } catch (cause) {
    if (!isKeyLost(cause)) throw cause;
    throw new StepFailure('final', 'repository_credentials_lost', lost, { cause });
  }
};
