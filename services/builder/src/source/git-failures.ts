import { message, type Message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';
import { errorCode, errorMessage, errorName } from '@alfa-cloud/service-kit';

/** Why git has failed. */
export interface GitCause {
  kind: 'transient' | 'final';
  code: string;
  /** What is wrong, and what to do. */
  words: Message;
}

interface Recognised extends GitCause {
  /** Matches what git, ssh or curl write with `LC_ALL=C`. */
  said: RegExp;
}

/** Causes by what is written, the first that matches. */
const recognised: readonly Recognised[] = [
  {
    said: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    kind: 'final',
    code: 'repository_host_key_changed',
    words: message`The host of the repository shows another host key than the one that is known: it was installed anew, or somebody else answers in its place. When it is right, accept it: POST /repository/check`,
  },
  {
    said: /Host key verification failed|No \S+ host key is known/,
    kind: 'final',
    code: 'repository_host_key_unknown',
    words: message`The host key of the repository's host is not known: PUT /repository records it`,
  },
  {
    said: /no matching host key type found|no matching key exchange method found|no matching cipher found/,
    kind: 'final',
    code: 'repository_ssh_too_old',
    words: message`The host of the repository speaks no form of ssh that is taken for safe: its sshd has to be renewed`,
  },
  {
    said: /Could not resolve host/i,
    kind: 'transient',
    code: 'repository_host_unknown',
    words: message`No name server knows the host of the repository: is its address right?`,
  },
  {
    said: /Permission denied \(|account is currently not available|Authentication failed for|could not read Username|could not read Password|Invalid username or (?:password|token)|HTTP Basic: Access denied|returned error: 40[13]/,
    kind: 'final',
    code: 'repository_login_refused',
    words: message`The repository does not let us in: does its deploy key, or token and username, belong to it, is it still valid, and may it read?`,
  },
  {
    said: /Repository not found|does not appear to be a git repository|[Cc]ould not find repository|repository '.*' (?:not found|does not exist)|returned error: 404|project you were looking for could not be found|not found: did you run git update-server-info/,
    kind: 'final',
    code: 'repository_not_found',
    words: message`There is no repository at this address, or it may not be seen with this key or token`,
  },
  {
    said: /detected dubious ownership|unsafe repository/,
    kind: 'final',
    code: 'repository_of_another_user',
    words: message`The directory of the repository belongs to another user than the one that Alfa Cloud runs as: chown it, or give its address as ssh://`,
  },
  {
    said: /transport '.*' not allowed/,
    kind: 'final',
    code: 'repository_address_not_allowed',
    words: message`Repositories are reached by ssh and https alone: change the address of the repository`,
  },
  {
    said: /SSL certificate problem|server certificate verification failed|certificate subject name|SSL: no alternative certificate|unable to get local issuer certificate/,
    kind: 'final',
    code: 'repository_certificate_refused',
    words: message`The certificate of the repository's host is not trusted: is it still valid, and is its authority known (ALFA_GIT_CA_FILE)?`,
  },
  {
    said: /No space left on device|Disk quota exceeded/,
    kind: 'final',
    code: 'builder_disk_full',
    words: message`The disk of the builder is full: make room in its data directory, then repeat the operation`,
  },
  {
    said: /Read-only file system|(?:cannot|could not|unable to|failed to) (?:create|open|write|mkdir|lock)[^\n]*Permission denied/i,
    kind: 'final',
    code: 'builder_directory_refused',
    words: message`The data directory of the builder can't be written: give it to the user that the builder runs as`,
  },
  {
    said: /returned error: (?:429|5\d\d)|rate limit/i,
    kind: 'transient',
    code: 'repository_overloaded',
    words: message`The host of the repository refuses to answer now: it is overloaded, or it has had too many requests from us`,
  },
  {
    said: /Connection refused|Connection timed out|Operation timed out|Failed to connect|Couldn't connect|No route to host|Network is unreachable|Connection reset by peer|Connection closed by|kex_exchange_identification|Could not connect/i,
    kind: 'transient',
    code: 'repository_unreachable',
    words: message`The host of the repository does not answer: are address and port right, does it run, does a firewall stand between?`,
  },
  {
    said: /Operation too slow|early EOF|unexpected disconnect|RPC failed|hung up unexpectedly|GnuTLS recv error|SSL_ERROR_SYSCALL|Timeout, server .* not responding/,
    kind: 'transient',
    code: 'repository_transfer_cut',
    words: message`The transfer from the repository was cut off`,
  },
  {
    said: /invalid path|File name too long/,
    kind: 'final',
    code: 'repository_path_refused',
    words: message`The commit holds a file whose name can't be written to disk: rename it in the repository`,
  },
];

/** What only a broken copy of ours says. */
const brokenMirror =
  /not a git repository|bad object|object file .* is empty|loose object .* is corrupt|packfile .* (?:cannot be|is far too short|index unavailable)|bad config|unable to read tree|inflate|missing (?:blob|tree|commit)|index file .* (?:corrupt|is too small)|does not match index|pack has bad object|did not send all necessary objects|Unable to create '.*\.lock'|cannot lock ref|broken (?:ref|link)|unresolved deltas|could not parse|unable to parse commit|fatal: bad (?:tree|revision)/;

/** True when making the mirror anew may help. */
export const isMirrorBroken = (error: unknown): boolean =>
  errorName(error) === 'GitFailed' &&
  brokenMirror.test(saidBy(error)) &&
  causeOf(error).code === 'git_failed';

/** Why git has failed, from what was thrown. */
export const causeOf = (error: unknown): GitCause => {
  if (errorCode(error) === 'ENOENT' && errorMessage(error).startsWith('spawn ')) {
    return {
      kind: 'final',
      code: 'git_missing',
      words: message`The builder has no git: install the packages git and openssh-client`,
    };
  }
  if (errorCode(error) === 'ENOSPC') return causeIn('No space left on device');
  if (errorName(error) === 'DeadlineExceeded') {
    return {
      kind: 'transient',
      code: 'repository_too_slow',
      words: message`The repository was not read in time: is it very large, or the way to it slow? ALFA_GIT_TIMEOUT_S allows more`,
    };
  }
  return causeIn(saidBy(error));
};

const causeIn = (said: string): GitCause => {
  const known = recognised.find((each) => each.said.test(said));
  if (known !== undefined) return { kind: known.kind, code: known.code, words: known.words };
  return { kind: 'transient', code: 'git_failed', words: message`git failed: ${lastLines(said)}` };
};

/** True for what a call of git has failed with. */
export const isOfGit = (error: unknown): boolean =>
  ['GitFailed', 'DeadlineExceeded'].includes(errorName(error) ?? '') ||
  ['ENOENT', 'ENOSPC'].includes(errorCode(error) ?? '');

/** What was thrown as the failure of a step; failures of steps, and what a signal's reason is, stay as they are. */
export const gitFailure = (error: unknown): unknown => {
  if (!isOfGit(error)) return error;
  const { kind, code, words } = causeOf(error);
  return new StepFailure(kind, code, words, { cause: error });
};

const saidBy = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'said' in error ? String(error.said) : errorMessage(error);

const lastLines = (said: string): string => said.split('\n').slice(-3).join(' ').slice(-500);
