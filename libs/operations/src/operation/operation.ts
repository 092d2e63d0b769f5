import {
  type FailureCause,
  message,
  type Message,
  messageInWords,
  type OperationEvent,
  type OperationKind,
} from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';

/** Which operations another one runs, as its stream says it. */
export type PlannedChildren = Omit<
  Extract<OperationEvent, { type: 'OperationChildrenPlanned' }>['data'],
  'operationId' | 'part'
>;

/** How far a transfer is. */
export interface Transferred {
  /** What is transferred, e.g. "storage". Another one than before begins anew. */
  what: string;
  /** Transferred so far, in all. */
  bytes: number;
  /** How many there will be; null: nobody knows. */
  totalBytes: number | null;
}

/** What a step may use besides its context. */
export interface StepIo {
  /** The operation that the step is one of. */
  operationId: string;
  /**
   * Aborted when the step's deadline passes (reason `DeadlineExceeded`), a cancel ends a {@link Step.cancellable} step (`StepCancelled`), the
   * service stops, or another worker has taken over. After the first two nobody goes on with the work: what it has begun elsewhere must be
   * ended; see {@link isCutOff}. After the others another worker does.
   */
  signal: AbortSignal;
  /** Adds remote output to the operation's log; coalesced, bounded, redacted. */
  output: (text: string) => void;
  /** Tells how far a transfer of data is, as often as one likes: few of that is recorded. */
  transfer: (transferred: Transferred) => void;
  /** Records on the operation's stream which operations it will run. */
  plan: (children: PlannedChildren) => Promise<void>;
  /** Whether a cancel request has been recorded. A step that runs other operations asks before it begins the next one. */
  isCancelRequested: () => Promise<boolean>;
}

/**
 * One step of an operation. `Context` is what all its steps share; it must be computable again after a crash from stored facts alone.
 */
export interface Step<Context> {
  name: string;
  /** Longest time of one attempt, probe and verification included. */
  deadlineMs: number;
  /** Attempts in all when failures are transient. Default 5. */
  attempts?: number;
  /** Longest time at work without a sign on the stream (output is one), ms; then others may believe its worker dead. Default `deadlineMs`. */
  quietMs?: number;
  /**
   * A cancel request ends its work at once. Only for work that leaves nothing half done behind or has it taken back, such as waiting, or
   * a command that is ended as well. Absent: the cancel waits for the end of the step.
   */
  cancellable?: true;
  /** From its start on there is only forwards: a cancel request comes too late. */
  pointOfNoReturn?: true;
  /**
   * Its work is other operations, which have accounts of their own: a worker that dies in it does not count against it, and a completed one
   * has nothing to take back.
   */
  runsOperations?: true;
  /** From its start on the operation holds no place on its servers: what is left loads none of them, and may wait for long. */
  holdsNoPlace?: true;
  /** Pause before the second attempt, doubled for each further one up to 30 s. Default 500 ms. */
  firstRetryMs?: number;
  /** True when this step has nothing to do for this context; recorded as `skipped`. */
  skip?(context: Context): boolean;
  /** Has the act happened already (by an attempt that a crash cut off)? Absent: `act` is safe to repeat. */
  probe?(context: Context, io: StepIo): Promise<boolean>;
  /** Does it. May return a sentence for the log. */
  act(context: Context, io: StepIo): Promise<string | void>;
  /** Throws when the effect is not there. */
  verify?(context: Context, io: StepIo): Promise<void>;
  /** When there is something to take back. `unfinished`: only of a step that was not completed. Default: of a completed one, too. */
  compensateWhen?: 'unfinished';
  /** Takes the effect back, whole or partial or absent: idempotent. */
  compensate?(context: Context, io: StepIo): Promise<string | void>;
}

/** A step that failed for a known reason. Errors of ports that have `kind` and `code` too count the same; any other is final with code `unexpected`. */
export class StepFailure extends Error {
  override name = 'StepFailure';
  readonly code: string;
  /** `transient`: the same attempt may succeed later. `final`: it will not. */
  readonly kind: 'transient' | 'final';
  /** What the message says, for every language. */
  readonly words: Message;

  constructor(kind: 'transient' | 'final', code: string, words: Message, options?: ErrorOptions) {
    super(messageInWords('en', words), options);
    this.kind = kind;
    this.code = code;
    this.words = words;
  }
}

/** Code of what a cancel request has ended. Of a failed step, it says that the step was cut off by one. */
export const cancelledCode = 'cancelled';

/** The reason of {@link StepIo.signal} when a cancel request ends a step. */
export class StepCancelled extends Error {
  override name = 'StepCancelled';
  readonly words: Message;
  constructor(step: string) {
    const words = message`Step ${step} was cut off, as the operation is cancelled`;
    super(messageInWords('en', words));
    this.words = words;
  }
}

/** True when work was aborted for good: nobody goes on with it, so that what it has begun elsewhere must be ended. */
export const isCutOff = (signal: AbortSignal): boolean =>
  signal.aborted && ['StepCancelled', 'DeadlineExceeded'].includes(errorName(signal.reason) ?? '');

/** A step can go on neither now nor backwards, and nothing is known against it: the command comes back later. */
export class OperationSuspended extends Error {
  override name = 'OperationSuspended';
}

/** How an operation ended. */
export type OperationEnd =
  | { status: 'ok' }
  | { status: 'error'; cause: FailureCause; leftovers: string[] }
  | { status: 'cancelled'; leftovers: string[] };

/** A kind of operation: its steps and what its end means for the aggregate it works on. */
export interface OperationDefinition<Context> {
  kind: OperationKind;
  steps: readonly Step<Context>[];
  /**
   * Records the end on the aggregate (for example `ClientCreated`) just before the operation's own last event.
   * May run twice after a crash, so it must recognise its own work. Returns the operation's result for `ok`, and for
   * any other end what was done before; empty: nothing to tell.
   */
  conclude(this: void, context: Context, end: OperationEnd): Promise<Record<string, unknown>>;
}

/** Where the runner is, for metrics and for tests that crash it there. */
export interface OperationObserver {
  (moment: {
    operationId: string;
    step: string | null;
    phase:
      | 'claimed'
      | 'started'
      | 'acted'
      | 'completed'
      | 'failed'
      | 'compensating'
      | 'compensated'
      | 'concluding'
      | 'concluded';
  }): void | Promise<void>;
}
