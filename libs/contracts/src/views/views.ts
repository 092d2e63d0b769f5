import type { BackupKind, BackupWarning } from '../commands/clients.ts';
import type { Capacity, Connection, ServerRole } from '../commands/servers.ts';
import type { OperationKind } from '../events/operation-kind.ts';
import type { OperationTarget, FailureCause, StepOutcome } from '../events/operations.ts';
import type { HealthReason, RecordedHealth, ServerFacts } from '../events/servers.ts';
import type { Sentence } from '../words/sentence.ts';
import type { Limits, Locale, RequestLimits } from '../primitives.ts';
import type { Static } from 'typebox';

/** Taken off each member of the union by itself, so that the members stay told apart. */
type WithoutCredentials<T> = T extends unknown ? Omit<T, 'credentials'> : never;

/** Read model of a server. Key material is never in it. */
export interface ServerView {
  id: string;
  name: string;
  role: ServerRole;
  domain: string;
  connection: WithoutCredentials<Connection>;
  active: boolean;
  capacity: Static<typeof Capacity>;
  proxy: { httpPort: number; httpsPort?: number };
  /** Of requests to clients without limits of their own; the defaults stand for what is absent. */
  limits?: RequestLimits;
  status: 'preparing' | 'ready' | 'failed';
  failure: { code: string; reason: string } | null;
  facts: ServerFacts | null;
  /** Clients that live there or are being created. */
  clientCount: number;
  /** `unknown`: nobody has looked lately. */
  health: RecordedHealth | 'unknown';
  healthReasons: HealthReason[];
  healthCheckedAt: string | null;
  /** The newest prepare operation. */
  operationId: string;
  createdAt: string;
  updatedAt: string;
}

/** An image by the name under which it was asked for, and by Docker's id of what the name meant then. */
export interface ImageIdentity {
  reference: string;
  id: string;
}

/** Read model of a client. */
export interface ClientView {
  id: string;
  serverId: string;
  slug: string;
  /** Null once the client's key was destroyed, as are the other personal attributes. */
  name: string | null;
  email: string | null;
  ownerLogin: string | null;
  notes: string | null;
  locale: Locale;
  status: 'creating' | 'active' | 'failed';
  failure: { code: string; reason: string } | null;
  expireDate: string;
  image: string;
  /** The client's own. */
  limits: Limits;
  /** Of requests where the client has none of its own. */
  serverLimits: Required<RequestLimits>;
  demo: boolean;
  sendSuccess: boolean;
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
  /** The operation that has the client for itself at the moment. */
  runningOperationId: string | null;
  /** When the newest backup that is there, of database and storage both, was made. */
  lastBackupAt: string | null;
  /** Users in the client's system when they were last counted. */
  usersCount: number | null;
  usersCountedAt: string | null;
  /** Observed through the proxy; null when not known or not measured lately. */
  available: boolean | null;
  /** Why it is not available, in words. */
  unavailableReason: string | null;
  availableCheckedAt: string | null;
  /** Address of the client's cloud. */
  cloud: string;
  /** The creating operation. */
  operationId: string;
  createdAt: string;
  updatedAt: string;
}

export type OperationStatus = 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';
export const finalOperationStatuses: readonly OperationStatus[] = ['ok', 'error', 'cancelled'];

export interface StepView {
  name: string;
  status: 'pending' | 'running' | 'retrying' | 'ok' | 'error' | 'compensated' | 'leftover';
  outcome: StepOutcome | null;
  attempts: number;
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
}

export interface OperationView {
  id: string;
  kind: OperationKind;
  target: OperationTarget;
  status: OperationStatus;
  steps: StepView[];
  error: FailureCause | null;
  leftovers: string[];
  result: Record<string, unknown> | null;
  parentId: string | null;
  /** Of an operation over many clients; null for any other. */
  progress: OperationProgress | null;
  /** Of a long list in them only the first 100. */
  parameters: Record<string, unknown> | null;
  retryOf: string | null;
  actor: string;
  correlationId: string;
  acceptedAt: string;
  finishedAt: string | null;
}

/** How far an operation over many clients has come. `total` = `done` + running ones + those not begun; `failed` is part of `done`. */
export interface OperationProgress {
  total: number;
  done: number;
  failed: number;
  running: number;
  /** Clients left out, in all. */
  skippedTotal: number;
  /** The first of them: 100 at most, 20 in a list of operations. */
  skipped: { clientId: string; code: string; reason: string }[];
  /** By the median time of those that have ended, else of earlier operations of the kind; null when there are none, or nothing is left. */
  etaSeconds: number | null;
}

/** One line of an operation's log. `cursor` orders them and never changes; see {@link LogPage}. */
export interface LogEntry {
  cursor: string;
  at: string;
  step: string | null;
  level: 'info' | 'warning' | 'error' | 'output';
  message: string;
}

/** Entries strictly after the cursor asked for, oldest first. `cursor` is the last one's, or the one asked for when there is none. */
export interface LogPage {
  entries: LogEntry[];
  cursor: string | null;
  /** True when more entries stood ready than the page holds. */
  more: boolean;
  status: OperationStatus;
}

/** What `GET /clients/{id}/create_log` shows. */
export interface CreateLogView extends LogPage {
  clientId: string;
  operationId: string;
  completed: null | 'ok' | 'error';
  steps: StepView[];
  error: FailureCause | null;
}

/** Measured live; every value is null when it could not be measured. Sizes in bytes, load as the kernel's 1-minute average. */
export interface ServerMonitoring {
  load: number | null;
  cpus: number | null;
  memoryTotalBytes: number | null;
  memoryUsedBytes: number | null;
  diskTotalBytes: number | null;
  diskFreeBytes: number | null;
  containers: { running: number; total: number } | null;
  checkedAt: string;
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

/** An operation as one entry of the audit trail. */
export interface HistoricOperationView {
  status: OperationStatus;
  finishedAt: string | null;
  durationMs: number | null;
  result: Record<string, unknown> | null;
  /** What it has brought about, in the order of the events. */
  facts: Sentence[];
}

/** One entry of the audit trail: who, what, when, why, and with which result. Holds no personal data and no secret. */
export interface HistoryEntry {
  /** Id of the event. */
  id: string;
  at: string;
  actor: string;
  /** Type of the event, e.g. `ClientExpireDateChanged`. */
  kind: string;
  /** `none`: the installation itself, or many clients at once. */
  target: OperationTarget;
  /** A sentence for people, in English. */
  summary: string;
  /** The same for every language. Absent: told by a former version. */
  said?: Sentence;
  reason: string | null;
  operationId: string | null;
  /** Where the entry is a whole operation: how it ended and what it brought about. */
  operation?: HistoricOperationView;
  /** The request at the edge that caused it. */
  correlationId: string;
  commandId: string;
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

/** What stands in the table `cloud_settings` of the client's database now. */
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

/** Lines of a container's output, oldest first, without the client's secrets and personal data. */
export interface ContainerLogView {
  lines: { at: string; text: string }[];
  /** Ask with it for what comes after; null when there was no line at all. */
  cursor: string | null;
}

/** What a bulk operation would do. */
export interface BulkPlanView {
  /** In the order in which they would be begun; the first 1000. */
  clients: { clientId: string; slug: string; serverId: string }[];
  total: number;
  /** The first 1000. */
  skipped: { clientId: string; slug: string; code: string; reason: string }[];
  skippedTotal: number;
  /** Reasons why the operation would be refused as a whole. */
  obstacles: {
    code: string;
    reason: string;
    /** The operation that has not ended yet, where one is in the way. */
    operationId?: string;
  }[];
  canary: number;
  waveSize: number;
  stopAfter: number;
}
