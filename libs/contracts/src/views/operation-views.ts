import type { Message } from '../words/message.ts';
import type { Reason } from '../words/reason.ts';
import type { OperationKind } from '../events/operation-kind.ts';
import type { OperationTarget, FailureCause, StepOutcome, TransferProgress } from '../events/operations.ts';

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
  /** What it waits for before it tries again what has failed, forwards or backwards; null while it works, and at its end. */
  waiting: OperationWaiting | null;
  /** Of a step that transfers data, while it runs; else null. */
  transfer: OperationTransfer | null;
  /** Of a long list in them only the first 100. */
  parameters: Record<string, unknown> | null;
  retryOf: string | null;
  actor: string;
  correlationId: string;
  acceptedAt: string;
  finishedAt: string | null;
}

/** The last failure of a step that is tried again, e.g. since its server is away. */
export interface OperationWaiting extends Reason {
  step: string;
  /** When it failed. */
  at: string;
  /** When it is tried again; null: as soon as what comes before that has ended. */
  retryAt: string | null;
}

/** How far the transfer of a running step has come, as of `at`. */
export interface OperationTransfer extends TransferProgress {
  step: string;
  at: string;
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
  skipped: (Reason & { clientId: string })[];
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
  transfer: OperationTransfer | null;
}

/** What `GET /clients/{id}/create_log` shows. */
export interface CreateLogView extends LogPage {
  clientId: string;
  operationId: string;
  /** `client.create`, or of a copy `client.copy`. */
  kind: OperationKind;
  completed: null | 'ok' | 'error';
  steps: StepView[];
  error: FailureCause | null;
}

/** How fast data go from one server to another. */
export interface MoveRate {
  bytesPerSecond: number;
  /** The last move between these servers that has measured it; null: it is an assumption. */
  measured: { operationId: string; at: string | null } | null;
}

/** What moving one client would come to. Sizes in bytes; null where they could not be found out. */
export interface MovePlan {
  clientId: string;
  slug: string | null;
  /** Where it lives. */
  from: string | null;
  databaseBytes: number | null;
  storageBytes: number | null;
  files: number | null;
  /** What the expected times are reckoned with; null where they are not known. */
  rate: MoveRate | null;
  /** Estimated from its size and `rate`: of the whole, and for which the client shows its page. */
  expectedSeconds: number | null;
  expectedClosedSeconds: number | null;
  /** Why it would be refused or fail; empty when nothing is known against it. */
  obstacles: (Reason & { operationId?: string })[];
}

/** What a bulk operation would do. */
export interface BulkPlanView {
  /** In the order in which they would be begun; the first 1000. */
  clients: {
    clientId: string;
    slug: string;
    serverId: string;
    /** Where it would go and why, in an operation that chooses that for each. */
    targetServer?: string;
    reason?: string;
    message?: Message;
  }[];
  total: number;
  /** The first 1000. */
  skipped: (Reason & { clientId: string; slug: string })[];
  skippedTotal: number;
  /** Reasons why the operation would be refused as a whole. */
  obstacles: (Reason & {
    /** The operation that has not ended yet, where one is in the way. */
    operationId?: string;
  })[];
  /** Servers of these clients that do not answer now: their clients come last, and fail unless the server is back by then. */
  awayServers: (Reason & { serverId: string })[];
  canary: number;
  waveSize: number;
  stopAfter: number;
}
