/** The two branches that images are built from. */
export type BranchRole = 'dev' | 'prod';

/** The repository as it is reached now. */
export interface Repository {
  /** In the form that `git fetch` takes, without a password in it. */
  url: string;
  /** Names of its branches, e.g. `{dev: 'dev', prod: 'master'}`. */
  branches: Readonly<Record<BranchRole, string>>;
}
