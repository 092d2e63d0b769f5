import type {
  ChangeServer,
  HostKeyOwner,
  HealthReason,
  Reason,
  RecordedHealth,
  RegisterServer,
  ServerCheck,
  ServerEvent,
  ServerFacts,
} from '@alfa-cloud/contracts';
import type { Static } from 'typebox';
import type { AlertCommand, KnownAlert } from './alerts.ts';
import type { Draining, DrainingCommand } from './server-draining.ts';
import type { Reboot, RebootCommand } from './server-reboot.ts';

type CleanedUp = Extract<ServerEvent, { type: 'ServerCleanedUp' }>['data'];
type Facts = Static<typeof ServerFacts>;

/** What was said at the registration and changed since. */
export type RegisteredServer = Omit<RegisterServer, 'serverId'> & {
  id: string;
  /** The newest preparation. */
  operationId: string;
  /** JSON {@link ServerSecrets} sealed with the server's key. */
  secrets: string;
  /** Raised when address, user, key or trusted host key are changed, so that of two records the newer one can be told. */
  connectionVersion: number;
};

export interface ServerSecrets {
  databaseRootPassword: string;
}

/** Attributes as they shall be; what is absent stays. */
export type ServerChanges = Omit<ChangeServer, 'serverId'>;

/** A host key as it stands in events. */
export interface ShownHostKey {
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
  /** `SHA256:…` */
  fingerprint: string;
  of: HostKeyOwner;
}

/** What a check of a connection found. Null for this machine itself: the host key that was shown, and the public key that was let in. */
export interface CheckedServer {
  check: ServerCheck;
  hostKey: string | null;
  publicKey: string | null;
  /** The same of the jump host; absent: there is none. */
  jump?: { hostKey: string; publicKey: string };
}

/** What was recorded last of a server's health. */
export interface KnownHealth {
  health: RecordedHealth;
  reasons: readonly HealthReason[];
}

/** What is known of every server that was registered. */
export interface Known {
  server: RegisteredServer;
  /** Null before the first comparison. */
  health: KnownHealth | null;
  /** It has taken clients at some time, so clients may live there. */
  wasReady: boolean;
  alerts: readonly KnownAlert[];
  /** A host key that was shown in the place of the pinned one, until that one is shown again. */
  refusedHostKey: Omit<ShownHostKey, 'hostKey'> | null;
  /** Docker's id of the engine that was found there last; null while none was. */
  engineId: string | null;
  /** Null while none is under way. */
  reboot: Reboot | null;
  /** Null while clients may come. */
  draining: Draining | null;
}

/**
 * A cloud server in the eyes of the provisioner. Only a ready one takes clients; `again`: it is being prepared once more and takes them
 * meanwhile.
 */
export type ServerState =
  | { status: 'absent' }
  | (Known & { status: 'preparing' })
  | (Known & { status: 'ready'; facts: Facts; again: boolean })
  | (Known & { status: 'failed' })
  | (Known & { status: 'removed' });

export type ServerCommand =
  /** `checked`: of a connection over ssh. */
  | { type: 'register'; server: Omit<RegisteredServer, 'connectionVersion'>; checked?: CheckedServer | null }
  | { type: 'become_ready'; operationId: string; facts: Facts }
  /** `stands`: database and proxy run, or nobody can tell; a server that was ready before then stays so. */
  | (Reason & { type: 'fail_preparation'; operationId: string; stands: boolean })
  /** `operationId`: the preparation that begins. */
  | { type: 'prepare'; operationId: string }
  /** The server has let us in and shown this host key. Of two that are told at the same time the first one counts. */
  | ({ type: 'pin_host_key'; connectionVersion: number } & ShownHostKey)
  | ({ type: 'refuse_host_key'; connectionVersion: number; pinnedFingerprint: string } & ShownHostKey)
  /** Somebody says that this host key, which the server shows now, is its own. */
  | ({ type: 'accept_host_key' } & ShownHostKey)
  | ({ type: 'record_health'; checkedAt: string } & KnownHealth)
  | { type: 'record_mended'; mended: readonly HealthReason[] }
  | ({ type: 'record_cleanup' } & Omit<CleanedUp, 'serverId'>)
  | AlertCommand
  /**
   * `operationId`: the preparation that begins should one be needed. `clients`: how many live there; read only where it matters. `checked`: of
   * a connection that is among the changes.
   */
  | {
      type: 'change';
      operationId: string;
      changes: ServerChanges;
      clients: number;
      checked?: (CheckedServer & { isSameRoot: boolean }) | null;
    }
  | { type: 'remove'; clients: number }
  | RebootCommand
  | DrainingCommand;

/** True from the moment on at which nothing works there any more until the reboot has ended: what is away then is away on purpose. */
export const isRebooting = (state: ServerState): boolean =>
  state.status !== 'absent' && state.reboot !== null && state.reboot.before !== null;

/** True while an operation works on the server itself, during which it need not answer as usual. */
export const isUnderWork = (state: ServerState): boolean =>
  isRebooting(state) || state.status === 'preparing' || (state.status === 'ready' && state.again);
