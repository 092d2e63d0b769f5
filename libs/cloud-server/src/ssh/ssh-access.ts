import type { CallOptions } from '../call-options.ts';
import type { HostKey } from './host-key.ts';
import type { TriedWay } from './docker-route.ts';
import type { SshLink } from './ssh-connection.ts';

/** How a server is reached over ssh. */
export interface SshAccess {
  readonly kind: 'ssh';
  /** `user@host:port` */
  readonly server: string;
  /**
   * Makes the connection when there is none, and answers the host key. Default deadline 30 s. Errors: those of the connection.
   */
  connect(options?: CallOptions): Promise<HostKey>;
  /** How the connection is now. */
  readonly link: SshLink;
  /** The ways to the Docker Engine that were tried, the one in use last. Empty before the first call to Docker. */
  readonly dockerWays: readonly TriedWay[];
}
