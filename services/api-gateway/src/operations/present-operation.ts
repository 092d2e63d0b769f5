import {
  bulkOf,
  type Language,
  type LogPage,
  type Message,
  type OperationKind,
  type OperationProgress,
  type OperationView,
  stepTitle,
  type StepView,
  reasonInWords,
  titleOf,
  withReasonInWords,
  type ResourceOf,
  type operationResource,
  type operationLogResource,
  toOne,
} from '@alfa-cloud/contracts';

/** Steps with what they are called in a language. */
export const titledSteps = (kind: OperationKind, steps: readonly StepView[], language: Language) =>
  steps.map((step) => ({ ...step, title: stepTitle(kind, step.name)[language] }));

/** Resource `operations` from its read model. */
export const presentOperation = (
  operation: OperationView,
  language: Language,
): ResourceOf<typeof operationResource> => ({
  type: 'operations',
  id: operation.id,
  attributes: {
    kind: operation.kind,
    title: titleOf(operation.kind)[language],
    status: operation.status,
    steps: titledSteps(operation.kind, operation.steps, language),
    error: operation.error && withReasonInWords(language, operation.error),
    leftovers: operation.leftovers,
    result: operation.result && resultInWords(language, operation.result),
    progress: operation.progress && progressInWords(language, operation.progress),
    waiting: operation.waiting && withReasonInWords(language, operation.waiting),
    transfer: operation.transfer,
    // Some operations record none, others an empty object: the same for who reads it.
    parameters: operation.parameters ?? {},
    actor: operation.actor,
    correlationId: operation.correlationId,
    acceptedAt: operation.acceptedAt,
    finishedAt: operation.finishedAt,
  },
  relationships: {
    target: targetOf(operation.target),
    parent: toOne('operations', operation.parentId),
    retryOf: toOne('operations', operation.retryOf),
  },
  links: {
    self: `/operations/${operation.id}`,
    log: `/operations/${operation.id}/log`,
    ...(bulkOf(operation.kind) === null
      ? {}
      : { children: `/operations?filter%5Bparent%5D=${operation.id}` }),
  },
});

/** `lost` of a result is a sentence on what was given up on request, `writtenSince` has one; the other values are facts. */
const resultInWords = (language: Language, result: Record<string, unknown>): Record<string, unknown> => {
  const { lost, writtenSince } = result;
  return {
    ...result,
    ...(typeof lost === 'string' ? { lost: reasonInWords(language, { reason: lost }) } : {}),
    ...(isWritten(writtenSince) ? { writtenSince: withReasonInWords(language, writtenSince) } : {}),
  };
};

/** What was entered between a move and its undoing, with a sentence for people. */
const isWritten = (value: unknown): value is { reason: string; message?: Message } =>
  typeof value === 'object' && value !== null && 'reason' in value && typeof value.reason === 'string';

const progressInWords = (language: Language, progress: OperationProgress) => ({
  ...progress,
  skipped: progress.skipped.map((skipped) => withReasonInWords(language, skipped)),
});

/** Relationship to what an operation is about; null when it is about nothing by itself, like one over many clients. */
export const targetOf = (target: OperationView['target']): ReturnType<typeof toOne> =>
  target.type === 'none' ? { data: null } : toOne(`${target.type}s`, target.id);

/** Resource `operation-logs`: the entries after the cursor asked for. */
export const presentOperationLog = (
  operationId: string,
  log: LogPage,
): ResourceOf<typeof operationLogResource> => ({
  type: 'operation-logs',
  id: operationId,
  attributes: { status: log.status, entries: log.entries, transfer: log.transfer },
  relationships: { operation: toOne('operations', operationId) },
  links: { self: `/operations/${operationId}/log` },
});
