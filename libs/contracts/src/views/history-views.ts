import type { OperationTarget } from '../events/operations.ts';
import type { Message } from '../words/message.ts';
import type { Sentence } from '../history/sentence.ts';
import type { OperationStatus } from './operation-views.ts';

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
  /** Kind of the operation where the entry is a whole one, else type of the event, e.g. `ClientExpireDateChanged`. */
  kind: string;
  /** `none`: the installation itself, or many clients at once. */
  target: OperationTarget;
  /** A sentence for people, in English. */
  summary: string;
  /** The same for every language. Absent: told by a former version. */
  said?: Sentence;
  /** In English, or as somebody wrote it. */
  reason: string | null;
  /** The same for every language, where one of Alfa Cloud's own sentences has values. */
  reasonMessage?: Message;
  operationId: string | null;
  /** Where the entry is a whole operation: how it ended and what it brought about. */
  operation?: HistoricOperationView;
  /** The request at the edge that caused it. */
  correlationId: string;
  commandId: string;
}
