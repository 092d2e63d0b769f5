import { isKeyUnusable, parseHostKey, type HostKey } from '@alfa-cloud/cloud-server';
import { message, Rejection, told, type Fault, type FaultCode, type Message } from '@alfa-cloud/contracts';
import { withAccess } from '../source/access.ts';
import { branchFault } from '../source/branch-name.ts';
import type { GitSettings } from '../source/git-environment.ts';
import { causeOf, isOfGit } from '../source/git-failures.ts';
import { missingBranch, remoteHeads, type RemoteHeads } from '../source/remote-branches.ts';
import type { BranchRole, Repository } from '../source/repository.ts';
import { shownHostKey } from '../source/shown-host-key.ts';

const attributes = '/data/attributes';

/** What was found of a repository that has let us in. */
export interface Reached {
  /** Of an address of ssh. */
  hostKey: HostKey | null;
  /** Commits of the branches that are built. */
  heads: Readonly<Record<BranchRole, string>>;
}

/**
 * Asks a repository for its branches, by its own git. Where a host key is given, no other one gets to see a login.
 * @throws Rejection with what is wrong and where
 */
export const reachRepository = async (
  settings: GitSettings,
  repository: Repository,
  signal: AbortSignal,
): Promise<Reached> => {
  const wrongNames = branchFaults(repository, branchFault, 'validation_failed');
  if (wrongNames.length > 0) throw new Rejection(wrongNames);
  try {
    const hostKey = await trustedHostKey(settings, repository, signal);
    const trusted = hostKey === null ? repository : { ...repository, hostKey: hostKey.text };
    const heads = await withAccess(settings, trusted, (env) => remoteHeads(repository.url, env, { signal }));
    const missing = missingBranches(repository, heads);
    if (missing.length > 0) throw new Rejection(missing);
    const { dev, prod } = repository.branches;
    return { hostKey, heads: { dev: heads.get(dev) ?? '', prod: heads.get(prod) ?? '' } };
  } catch (error) {
    const fault = faultOf(error, repository);
    throw fault === null ? error : new Rejection([fault]);
  }
};

/** The key that the host shows, if it is the one that is known; null: the address is none of ssh. */
const trustedHostKey = async (
  settings: GitSettings,
  { address, hostKey }: Repository,
  signal: AbortSignal,
): Promise<HostKey | null> => {
  if (address.protocol !== 'ssh') return null;
  const shown = await shownHostKey(settings, address, { signal });
  if (hostKey === undefined) return shown;
  const known = parseHostKey(hostKey);
  if (known.fingerprint === shown.fingerprint) return shown;
  const words = message`The host of the repository shows the host key ${shown.fingerprint}, and known is ${known.fingerprint}. When the new one is right, send its fingerprint: POST /repository/check`;
  throw new Rejection([
    {
      code: 'repository_host_key_changed',
      ...told(words),
      pointer: `${attributes}/hostKey`,
      meta: { fingerprint: shown.fingerprint },
    },
  ]);
};

const branchFaults = (
  { branches }: Repository,
  faultIn: (name: string) => Message | null,
  code: FaultCode,
): Fault[] =>
  (['dev', 'prod'] as const).flatMap((role) => {
    const words = faultIn(branches[role]);
    return words === null ? [] : [{ code, ...told(words), pointer: `${attributes}/branches/${role}` }];
  });

const missingBranches = (repository: Repository, heads: RemoteHeads): Fault[] => {
  const names = [...heads.keys()];
  const code = names.length === 0 ? 'repository_empty' : 'branch_missing';
  return branchFaults(repository, (name) => missingBranch(name, names)?.words ?? null, code);
};

/** What was thrown as a fault; null: nothing that the sender could mend. */
const faultOf = (error: unknown, { credentials }: Repository): Fault | null => {
  if (isKeyUnusable(error)) {
    const place = error.fault.startsWith('passphrase') ? 'passphrase' : 'privateKey';
    return { code: keyFaults[error.fault], ...told(error.words), pointer: `${attributes}/${place}` };
  }
  if (!isOfGit(error)) return null;
  const { code, words } = causeOf(error);
  const place =
    code === 'repository_login_refused' ? (credentials?.kind === 'token' ? 'token' : 'privateKey') : 'url';
  return { code: faultCodes[code] ?? 'repository_failed', ...told(words), pointer: `${attributes}/${place}` };
};

const keyFaults = {
  unreadable: 'key_unreadable',
  public: 'key_unreadable',
  passphrase_missing: 'passphrase_required',
  passphrase_wrong: 'passphrase_wrong',
} as const satisfies Record<string, FaultCode>;

/** Faults of requests by causes of git. */
const faultCodes: Readonly<Record<string, FaultCode>> = {
  repository_host_key_changed: 'repository_host_key_changed',
  repository_host_key_unknown: 'repository_host_key_changed',
  repository_host_unknown: 'host_unknown',
  repository_login_refused: 'repository_login_refused',
  repository_not_found: 'repository_not_found',
  repository_certificate_refused: 'repository_certificate_refused',
  repository_unreachable: 'repository_unreachable',
  repository_too_slow: 'repository_unreachable',
};
