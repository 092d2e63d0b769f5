import {
  historySummary,
  type HistoryEntry,
  type OperationView,
  say,
  type Sentence,
} from '@alfa-cloud/contracts';

/** An entry as it is stored, one an event. */
export type StoredEntry = Omit<HistoryEntry, 'operation'> & { said: Sentence };

/** An operation as its entry tells of it. */
export type EndedOperation = Pick<OperationView, 'kind' | 'status' | 'error' | 'result' | 'finishedAt'> & {
  durationMs: number | null;
};

/** Events that have an entry of their own, although they belong to an operation. */
const standAlone: ReadonlySet<string> = new Set(['OperationCancelRequested', 'OperationRejected']);

/** True for what is told by the one entry of its operation. */
export const isOfOperation = ({ operationId, kind }: Pick<StoredEntry, 'operationId' | 'kind'>): boolean =>
  operationId !== null && !standAlone.has(kind);

/** Events that tell no more than that their operation has begun or ended. */
const onlyMarks: ReadonlySet<string> = new Set([
  'ClientOperationBegun',
  'ClientOperationEnded',
  'ClientCreated',
  'ClientCreationFailed',
  'ClientRebooted',
  'ClientMigrated',
  'ServerPreparationBegun',
  'ServerPreparationFailed',
  'ServerRebootBegun',
  'ServerRebootFailed',
  'BuildBegun',
  'BuildSucceeded',
  'BuildFailed',
  'BuildCancelled',
  'OperationSucceeded',
  'OperationFailed',
  'OperationCancelled',
]);

/**
 * Folds the entries of one operation into one, at the position of the first. Pure.
 * @param parts in the order of their events, at least one
 */
export const foldedEntry = (
  parts: readonly [StoredEntry, ...StoredEntry[]],
  operation: EndedOperation,
): HistoryEntry => {
  const [{ reasonMessage: _, ...first }] = parts;
  const facts = parts.filter(({ kind }) => !onlyMarks.has(kind));
  const { kind, status, error, result, finishedAt, durationMs } = operation;
  const told = {
    said: wholeOf(operation),
    operation: { status, finishedAt, durationMs, result, facts: facts.map(({ said }) => factOf(said)) },
  };
  const summary = historySummary('en', { ...told, summary: '' });
  return { ...first, kind, summary, ...whyOf(parts, error), ...told };
};

/** Why an operation ended as it did, else why it was asked for. */
const whyOf = (
  parts: readonly StoredEntry[],
  error: EndedOperation['error'],
): Pick<HistoryEntry, 'reason' | 'reasonMessage'> => {
  const why =
    error === null
      ? parts.findLast((part) => part.reason !== null)
      : { reason: error.reason, reasonMessage: error.message };
  const { reason = null, reasonMessage } = why ?? {};
  return { reason, ...(reasonMessage === undefined ? {} : { reasonMessage }) };
};

/** The one entry of an operation that never began. Pure. */
export const neverBegunEntry = (entry: StoredEntry, operation: EndedOperation): HistoryEntry => {
  const { kind, status, result, finishedAt, durationMs } = operation;
  return { ...entry, kind, operation: { status, finishedAt, durationMs, result, facts: [] } };
};

const wholeOf = ({ kind, status, durationMs }: EndedOperation): Sentence => {
  const ended = status === 'ok' || status === 'error' || status === 'cancelled' ? status : null;
  return say('operation', { kind, status: ended, durationMs: ended === null ? null : durationMs });
};

/** That it has begun is told by the operation already. */
const factOf = (said: Sentence): Sentence => {
  if (said.code !== 'manyBegun') return said;
  const { toDo, leftOut } = said.params;
  return say('manyPlanned', { toDo, leftOut });
};
