import type { RepositoryAddress } from './repository-address.ts';

/** The two branches that images are built from. */
export type BranchRole = 'dev' | 'prod';

/** By what the repository lets us in. */
export type RepositoryCredentials =
  { kind: 'key'; privateKey: string; passphrase?: string } | { kind: 'token'; token: string };

/** Hosts of repositories mostly do not look at the user where a token stands for the password. */
export const defaultUsername = 'git';

/** What is needed to reach a repository. */
export interface ReachedRepository {
  /** In the form that `git fetch` takes, without a password in it. */
  url: string;
  address: RepositoryAddress;
  /** Of an address of ssh: the one host key that is trusted, `ssh-ed25519 AAAA…`. */
  hostKey?: string;
  /** Null: none are needed. */
  credentials: RepositoryCredentials | null;
  /** User that a token is sent with. Default `git`. */
  username?: string;
}

/** The repository as it is set now. */
export interface Repository extends ReachedRepository {
  /** Names of its branches, e.g. `{dev: 'dev', prod: 'master'}`. */
  branches: Readonly<Record<BranchRole, string>>;
  /** Path of the Dockerfile in it. */
  dockerfile: string;
}
