import type { CallOptions } from '../call-options.ts';
import type { HostKey } from './host-key.ts';
import type { TriedWay } from './docker-route.ts';
import type { ServerSurvey } from './survey.ts';
import type { SshLink } from './ssh-connection.ts';

/** A jump host, which has a login of its own. */
export type JumpAccess = Pick<SshAccess, 'server' | 'username' | 'connect' | 'showHostKey' | 'publicKey'>;

/** How a server is reached over ssh. */
export interface SshAccess {
  readonly kind: 'ssh';
  /** `user@host:port` */
  readonly server: string;
  readonly username: string;
  /** Alfa Cloud's directory there. */
  readonly root: string;
  /**
   * Makes the connection when there is none, and answers the host key. Default deadline 30 s. Errors: those of the connection.
   */
  connect(options?: CallOptions): Promise<HostKey>;
  /**
   * Asks for the host key alone: nothing is sent, no connection stays, and the pinned one does not matter. Default deadline 15 s.
   * Errors: `server_unreachable`, `deadline_exceeded`.
   */
  showHostKey(options?: CallOptions): Promise<HostKey>;
  /** The public part of the key by which we log in: `ssh-ed25519 AAAA…`. Errors: `key_unusable`. */
  publicKey(): Promise<string>;
  /** What the login user finds and may do there; connects when there is no connection. Default deadline 15 s. */
  survey(options?: CallOptions): Promise<ServerSurvey>;
  /** Makes the root directory where it is absent, with `sudo -n` if need be. Default deadline 15 s. Errors: final `file_failed`. */
  makeRoot(options?: CallOptions): Promise<void>;
  /** What the connection goes through; null: it is made directly. */
  readonly jump: JumpAccess | null;
  /** How the connection is now. */
  readonly link: SshLink;
  /** The ways to the Docker Engine that were tried, the one in use last. Empty before the first call to Docker. */
  readonly dockerWays: readonly TriedWay[];
}
