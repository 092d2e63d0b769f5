import type { Capacity, HostKeyOwner, ServerRole, ShownConnection } from '../attributes/servers.ts';
import type { HealthReason, RecordedHealth, ServerCheck, ServerFacts } from '../events/servers.ts';
import type { RequestLimits } from '../values/primitives.ts';
import type { Reason } from '../words/reason.ts';
import type { Static } from 'typebox';
import type { AlertView } from './alert-views.ts';
import type { ImageBuild } from './build-views.ts';

/** Read model of a server. Key material is never in it. */
export interface ServerView {
  id: string;
  name: string;
  role: ServerRole;
  domain: string;
  connection: ShownConnection;
  active: boolean;
  capacity: Static<typeof Capacity>;
  proxy: { httpPort: number; httpsPort?: number };
  /** Of requests to clients without limits of their own; the defaults stand for what is absent. */
  limits?: RequestLimits;
  status: 'preparing' | 'ready' | 'failed';
  failure: Reason | null;
  facts: ServerFacts | null;
  /** A host key that was shown in the place of the recorded one, and since when; absent when that one was shown last. */
  refusedHostKey?: { hostKey: string; fingerprint: string; of: HostKeyOwner; at: string };
  /** What was found when the connection was checked; absent for this machine itself. */
  check?: ServerCheck;
  /**
   * A reboot under way; absent without one. `drained`: nothing works there any more, and what is away is away on purpose. `expectedAt`: when
   * everything will be back by the time that the last reboot took; null before it is drained and after no other reboot.
   */
  reboot?: { operationId: string; since: string; drained: boolean; expectedAt: string | null };
  /** Since when its clients are to leave it, and with which operation that began; absent while they are not. */
  draining?: { operationId: string; since: string };
  /** Clients that live there or are being created. */
  clientCount: number;
  /** Clients that have moved away and are kept there for a time. */
  heldCount: number;
  /** `unknown`: not compared lately. */
  health: RecordedHealth | 'unknown';
  healthReasons: HealthReason[];
  healthCheckedAt: string | null;
  /** Those that are raised, the oldest first. */
  alerts: AlertView[];
  /** The newest prepare operation. */
  operationId: string;
  createdAt: string;
  updatedAt: string;
}

/** The connection to a server over ssh as it is now; nobody is asked for it. */
export interface ServerLink {
  status: 'up' | 'down';
  /** Why the last attempt failed; null: it is up, or was not needed yet. */
  failure: Reason | null;
  /** Until then calls to the server fail at once with that cause; 0: the next call tries. */
  retryInMs: number;
}

/** A key pair for servers, without its private part. */
export interface SshKeyView {
  id: string;
  /** As `authorized_keys` holds it: `ssh-ed25519 AAAA… comment`. */
  publicKey: string;
  /** As `ssh-keygen -l` shows it. */
  fingerprint: string;
  createdAt: string;
}

/** An image by the name under which it was asked for, and by Docker's id of what the name meant then. */
export interface ImageIdentity {
  reference: string;
  id: string;
}

/** An image of the client application on a server. */
export interface ServerImage {
  /** Docker's image id, `sha256:…`. */
  id: string;
  /** Its names, `repository:tag`; none when its last one means another image by now and clients still run from it. */
  references: string[];
  /** Clients that run from it. */
  clientIds: string[];
  version: string | null;
  sizeBytes: number;
  createdAt: string;
}

/** An image of the client application, over all servers. */
export interface ImageView extends Omit<ServerImage, 'references' | 'clientIds'> {
  /** Its names on all servers; none when its last one means another image by now and clients still run from it. */
  references: string[];
  /** Where it is, with its names there, as it was seen last. */
  servers: { serverId: string; references: string[]; checkedAt: string }[];
  /** Clients that run from it. */
  clientCount: number;
  /** The first hundred of them, by slug. */
  clientIds: string[];
  /** The build that made it; null for one that was not built here, or too long ago to be told. */
  build: ImageBuild | null;
  /** A newer image has one of its repositories, or it has no name any more. */
  outdated: boolean;
}
