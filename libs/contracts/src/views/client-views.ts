import type { BackupKind, BackupWarning } from '../attributes/clients.ts';
import type { Fault } from '../faults/faults.ts';
import type { Limits, Locale, RequestLimits } from '../values/primitives.ts';
import type { Message } from '../words/message.ts';
import type { Reason } from '../words/reason.ts';
import type { ImageIdentity } from './server-views.ts';

/** Read model of a client. */
export interface ClientView {
  id: string;
  serverId: string;
  /** Why Alfa Cloud has chosen the server at the creation; absent when it was asked for. */
  placement?: { reason: string; message?: Message };
  slug: string;
  /** Null once the client's key was destroyed, as are the other personal attributes. */
  name: string | null;
  email: string | null;
  ownerLogin: string | null;
  notes: string | null;
  locale: Locale;
  status: 'creating' | 'active' | 'failed';
  failure: Reason | null;
  expireDate: string;
  image: string;
  /** The client's own. */
  limits: Limits;
  /** Of requests where the client has none of its own. */
  serverLimits: Required<RequestLimits>;
  demo: boolean;
  sendSuccess: boolean;
  /** Whether warnings of the end of use go to the client by themselves. */
  expiryWarnings: boolean;
  /** Null while the maintenance page is off. */
  maintenance: { message: string | null; since: string } | null;
  /** Further DNS names of the client's cloud. */
  aliases: string[];
  quickStart: boolean;
  tutorial: boolean;
  /** Docker's id of the image that the container was made from; null before the first start. */
  imageId: string | null;
  /**
   * True when `image` means another image on the client's server than the one it runs from; null when nobody knows at the moment, or the name
   * means none.
   */
  imageOutdated: boolean | null;
  /** What a rollback leads to; null when there was no switch. */
  previousImage: ImageIdentity | null;
  /**
   * What the server that it has left keeps of it, stopped, until that moment; null when there is nothing. `operationId`: of the move, or of its
   * undoing. `undoable`: the move can be taken back.
   */
  held: { serverId: string; until: string; operationId: string; undoable: boolean } | null;
  /** The client that it is a copy of; null: of none. It stays when that one is deleted. */
  sourceClientId: string | null;
  /** Null also once the source is deleted. */
  sourceSlug: string | null;
  /** Copies of it that are there, the oldest first. */
  copies: { clientId: string; slug: string; serverId: string }[];
  /** The operation that has the client for itself at the moment. */
  runningOperationId: string | null;
  /** When the newest backup that is there, of database and storage both, was made. */
  lastBackupAt: string | null;
  /** Users in the client's system when they were last counted. */
  usersCount: number | null;
  usersCountedAt: string | null;
  /** Observed through the proxy; null when not known or not measured lately. */
  available: boolean | null;
  /** Why it is not available, in English. */
  unavailableReason: string | null;
  /** The same for every language; absent as in {@link Reason}. */
  unavailableMessage?: Message;
  availableCheckedAt: string | null;
  /** Address of the client's cloud. */
  cloud: string;
  /** The creating operation. */
  operationId: string;
  createdAt: string;
  updatedAt: string;
}

/** One extension or shortening of a client's time. */
export interface ExpireDateChange {
  /** Id of the event. */
  id: string;
  from: string;
  to: string;
  reason: string;
  actor: string;
  at: string;
}

/** A backup that was verified when it was made. Sizes in bytes, checksums SHA-256 in hex. */
export interface BackupView {
  id: string;
  clientId: string;
  serverId: string;
  kind: BackupKind;
  image: string;
  createdAt: string;
  keepUntil: string;
  /** Null while it is there. */
  removedAt: string | null;
  database: { bytes: number; sha256: string; tables: number };
  storage: { bytes: number; sha256: string; files: number } | null;
  /** What of the database does not work: only its text is in the dump. */
  warnings: BackupWarning[];
  operationId: string;
}

/** The row of table `cloud_settings` in the client's database. */
export interface CloudSettingsView {
  maintenance: boolean;
  maintenanceMessage: string | null;
  /** RFC 3339; last second of use. */
  expiresAt: string | null;
  quickStart: boolean;
  tutorial: boolean;
  updatedAt: string;
  /** Columns that differ from what is recorded; put right within a minute. */
  drift: string[];
}

/** What a copy to a stage server would do. */
export interface CopyPlanView {
  serverId: string;
  /** Of the copy. */
  slug: string;
  image: string;
  /** The copy that is there and would be made anew; null: there is none. `at`: when it was made or last refreshed. */
  replaces: { clientId: string; at: string } | null;
  /** What would be read, as it is now; null where it could not be measured. */
  source: { databaseBytes: number; storageBytes: number; files: number } | null;
  /** What speaks against it at the moment. */
  obstacles: Fault[];
}

/** Lines of a container's output, oldest first, without the client's secrets and personal data. */
export interface ContainerLogView {
  lines: { at: string; text: string }[];
  /** Ask with it for what comes after; null when there was no line at all. */
  cursor: string | null;
}
