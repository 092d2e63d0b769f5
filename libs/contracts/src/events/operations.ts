import { Type, type Static } from 'typebox';
import { closed, Id, nullable } from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';
import { OperationKind } from './operation-kind.ts';

export const OperationTarget = closed({
  type: Type.Union([Type.Literal('server'), Type.Literal('client'), Type.Literal('none')]),
  id: nullable(Type.String()),
});
export type OperationTarget = Static<typeof OperationTarget>;

/** Why a step or an operation failed. `code` is a stable slug for programs. */
export const FailureCause = closed({
  code: Type.String(),
  ...reasonFields,
  step: nullable(Type.String()),
});
export type FailureCause = Static<typeof FailureCause>;

const step = { operationId: Id, step: Type.String() };
const attempt = Type.Integer({ minimum: 1 });
/** `done`: the act was carried out. `already_done`: the probe found it done (after a crash). `skipped`: not needed here. */
export const StepOutcome = Type.Union([
  Type.Literal('done'),
  Type.Literal('already_done'),
  Type.Literal('skipped'),
]);
export type StepOutcome = Static<typeof StepOutcome>;

/** How far a transfer of data has come. */
export const TransferProgress = closed({
  bytes: Type.Integer({ minimum: 0 }),
  /** Null: nobody knows. */
  totalBytes: nullable(Type.Integer({ minimum: 0 })),
  /** On average since its begin. */
  bytesPerSecond: Type.Integer({ minimum: 0 }),
  /** Null: not known. */
  etaSeconds: nullable(Type.Integer({ minimum: 0 })),
});
export type TransferProgress = Static<typeof TransferProgress>;

export const operationEvents = {
  OperationAccepted: closed({
    operationId: Id,
    kind: OperationKind,
    target: OperationTarget,
    /** Names of the steps in their order. */
    steps: Type.Array(Type.String()),
    parentId: nullable(Id),
    /** What the command asked for besides its target; never a secret. A retry takes it from here. */
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** The operation that this one repeats. */
    retryOf: Type.Optional(Id),
  }),
  /**
   * Of an operation over many clients: who comes in which order, and who is left out and why. Decided once, before the first begins. Many
   * clients take several such events one after the other, since an event has a largest size; the plan holds from the last one on.
   */
  OperationChildrenPlanned: closed({
    operationId: Id,
    /** Absent: the event is the whole plan. `children` and `skipped` are how many all parts name together. */
    part: Type.Optional(
      closed({
        number: Type.Integer({ minimum: 1 }),
        of: Type.Integer({ minimum: 2 }),
        children: Type.Integer({ minimum: 0 }),
        skipped: Type.Integer({ minimum: 0 }),
      }),
    ),
    children: Type.Array(
      closed({
        clientId: Id,
        operationId: Id,
        /** Where it moves to, in an operation that has chosen that for each by itself. */
        targetServer: Type.Optional(Id),
      }),
    ),
    skipped: Type.Array(closed({ clientId: Id, code: Type.String(), ...reasonFields })),
    canary: Type.Integer(),
    waveSize: Type.Integer(),
    stopAfter: Type.Integer(),
  }),
  /**
   * The visible end of a command that never became an operation: it could not be decided on (unreadable, or its handler failed again and
   * again), or it was refused only when its sender had long been given the operation's address.
   */
  OperationRejected: closed({
    operationId: Id,
    kind: Type.Literal('command.rejected'),
    command: Type.String(),
    cause: FailureCause,
    /** What the sender was told that the operation is. */
    requestedKind: Type.Optional(OperationKind),
    /** What the sender was told that it asked for; never a secret. */
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** The operation that this one should have repeated. */
    retryOf: Type.Optional(Id),
    /** When the sender was answered. Absent: its answer waited for the refusal. */
    acceptedAt: Type.Optional(Type.String()),
    /** What the command was about. */
    target: Type.Optional(OperationTarget),
  }),
  /** A worker begins or, after a crash or a hand-over, goes on. The newest `worker` owns the operation; an older one stops. */
  OperationClaimed: closed({ operationId: Id, worker: Type.String() }),
  OperationStepStarted: closed({ ...step, attempt }),
  OperationStepCompleted: closed({
    ...step,
    attempt,
    outcome: StepOutcome,
    durationMs: Type.Integer({ minimum: 0 }),
    /** A sentence on what came of it, for the log. */
    detail: nullable(Type.String()),
  }),
  /** `retryInMs` null: not tried again. */
  OperationStepFailed: closed({
    ...step,
    attempt,
    code: Type.String(),
    ...reasonFields,
    retryInMs: nullable(Type.Integer({ minimum: 0 })),
  }),
  /** Coalesced output of remote commands: at most 16 KiB an event, at most 5 events a second. */
  OperationOutputWritten: closed({
    ...step,
    text: Type.String(),
    /** What the text says of a transfer: at most every 2 s, after a minute every 10 s, and at its end. */
    transfer: Type.Optional(TransferProgress),
  }),
  OperationCancelRequested: closed({ operationId: Id, reason: nullable(Type.String()) }),
  /** From here the steps listed are taken back, in this order. */
  OperationCompensationStarted: closed({
    operationId: Id,
    cause: FailureCause,
    steps: Type.Array(Type.String()),
  }),
  OperationStepCompensated: closed({
    ...step,
    durationMs: Type.Integer({ minimum: 0 }),
    detail: nullable(Type.String()),
  }),
  /** `retryInMs` null: given up, the leftover is named in OperationFailed. */
  OperationStepCompensationFailed: closed({
    ...step,
    attempt,
    code: Type.String(),
    reason: Type.String(),
    retryInMs: nullable(Type.Integer({ minimum: 0 })),
  }),
  OperationSucceeded: closed({ operationId: Id, result: Type.Record(Type.String(), Type.Unknown()) }),
  /**
   * `leftovers`: steps whose compensation failed, so something may be left on the server. `result`: what was done all the same, where an
   * operation counts it.
   */
  OperationFailed: closed({
    operationId: Id,
    cause: FailureCause,
    leftovers: Type.Array(Type.String()),
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  /** `result`: what was done before the cancel, where an operation counts it. */
  OperationCancelled: closed({
    operationId: Id,
    leftovers: Type.Array(Type.String()),
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
};

export type OperationEvent = {
  [Name in keyof typeof operationEvents]: { type: Name; data: Static<(typeof operationEvents)[Name]> };
}[keyof typeof operationEvents];
