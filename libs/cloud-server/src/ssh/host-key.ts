import { message } from '@alfa-cloud/contracts';
import { createHash } from 'node:crypto';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

/** The public key by which a server proves who it is. */
export interface HostKey {
  /** As in a `known_hosts` file, without names and comment: `ssh-ed25519 AAAA…`. */
  text: string;
  /** As `ssh-keygen -l` shows it: `SHA256:…`. */
  fingerprint: string;
}

/** A host key as it was recorded or told by somebody, who may know no more than its fingerprint. */
export interface PinnedHostKey {
  text: string | null;
  fingerprint: string;
}

/** Another host key than the pinned one was shown. Nothing had been sent by then, no user name and no credential. */
export class HostKeyChanged extends CloudServerError {
  readonly pinned: PinnedHostKey;
  readonly shown: HostKey;

  constructor(server: string, pinned: PinnedHostKey, shown: HostKey) {
    super(
      'final',
      'host_key_changed',
      message`${server} shows another host key (${shown.fingerprint}, ${typeIn(shown.text)}) than the one that is known (${pinned.fingerprint}): it was installed anew, or somebody else answers in its place`,
    );
    this.pinned = pinned;
    this.shown = shown;
  }
}

/** True for a {@link HostKeyChanged} of any realm. */
export const isHostKeyChanged = (error: unknown): error is HostKeyChanged =>
  isCloudServerError(error) && error.code === 'host_key_changed' && 'shown' in error;

/** The host key that a server has shown, from the form in which it is sent. */
export const shownHostKey = (key: Buffer): HostKey => ({
  text: `${typeOf(key)} ${key.toString('base64')}`,
  fingerprint: `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`,
});

/**
 * Reads a pinned key: `ssh-ed25519 AAAA…`, with or without a comment, or its fingerprint `SHA256:…`.
 * @throws CloudServerError `key_unusable`
 */
export const parseHostKey = (text: string): PinnedHostKey => {
  const fingerprint = /^SHA256:[A-Za-z0-9+/]{43}(?==?$)/.exec(text.trim())?.[0];
  if (fingerprint !== undefined) return { text: null, fingerprint };
  const [type, base64 = ''] = text.trim().split(/\s+/);
  const key = Buffer.from(base64, 'base64');
  if (key.length < 8 || typeOf(key) !== type) {
    throw new CloudServerError(
      'final',
      'key_unusable',
      message`The pinned host key is not a public key of OpenSSH`,
    );
  }
  return shownHostKey(key);
};

const typeIn = (text: string): string => text.split(' ', 1)[0] ?? '';

/** A text with its length in four bytes before it comes first. */
const typeOf = (key: Buffer): string => key.toString('latin1', 4, 4 + Math.min(key.readUInt32BE(0), 64));

const algorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/**
 * The order in which host keys are asked for: that of the pinned one first, as a server with several shows the first that both know.
 * The others stay in the list, so that a server without the pinned type is told apart from one that is not to be understood.
 */
export const hostKeyAlgorithms = (pinned: PinnedHostKey | undefined): (typeof algorithms)[number][] => {
  const isPinned = (algorithm: string) => {
    const type = typeIn(pinned?.text ?? '');
    return type === 'ssh-rsa' ? algorithm.startsWith('rsa-') : algorithm === type;
  };
  return [...algorithms.filter(isPinned), ...algorithms.filter((algorithm) => !isPinned(algorithm))];
};
