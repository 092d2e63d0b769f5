import type { Queries, QueryName } from '@alfa-cloud/contracts';

export interface AskOptions {
  /** The answer must include all events up to this commit position; `stale` is true when the asked service does not reach it in time. */
  minPosition?: string;
  /** How long the asked service may wait to reach `minPosition`, in milliseconds. Default: its own choice. */
  positionWaitMs?: number;
  /** Called with the position that the asked service had reached when it answered, also when the answer is a fault. */
  onPosition?: (position: string) => void;
  /** Default 5 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** The asking side of queries, used by the gateway and by services that need views. */
export interface QuerySender {
  /**
   * Asks a query. When the connection breaks, the query is sent again after the reconnect.
   * @throws Rejection for a fault of the request (`not_found`, …) or of the answering service (`internal`, `unavailable`)
   * @throws MessagingUnavailable when no answer comes within `timeoutMs`; at once when no service answers such queries
   */
  ask<Name extends QueryName>(
    name: Name,
    request: Queries[Name]['request'],
    options?: AskOptions,
  ): Promise<QueryAnswer<Queries[Name]['result']>>;
}

export interface QueryAnswer<Result> {
  result: Result;
  /** True when the answering service had not come to the position asked for. */
  stale: boolean;
  /** What the query says is answered beside the result, unparsed. */
  text?: Uint8Array;
}

/** A result, or its JSON text in one line when the handler already has that. */
export type QueryOutcome<Result> = ({ result: Result } | { resultJson: string }) & {
  /** Default false. */
  stale?: boolean;
  /** {@link QueryAnswer.text} in pieces that stand one behind the other. Default: none. */
  text?: readonly Uint8Array[];
};

/** What a query carries besides its request. */
export interface QueryContext {
  /** The answer must include the events up to this position. */
  minPosition: bigint | null;
  /** Longest wait for that; null: the handler's choice. */
  positionWaitMs: number | null;
}

/** A `Rejection` thrown is sent to the asker. Any other error is logged, and sent as `internal` without its message. */
export type QueryHandlers = {
  [Name in QueryName]?: (
    request: Queries[Name]['request'],
    context: QueryContext,
  ) => Promise<QueryOutcome<Queries[Name]['result']>>;
};

export interface QueryServerOptions {
  /** Queries answered at the same time. Default 64. */
  concurrency?: number;
  /** Queries waiting to begin; further ones are answered `unavailable`. Default 1000. */
  maxQueued?: number;
  /** Longest wait to begin, in milliseconds; after it the answer is `unavailable`. Default 5000. */
  maxQueuedMs?: number;
  /** Position up to which this service has read the events, sent with each answer. Default: none is sent. */
  position?: () => bigint | null;
}

export interface QueryServer {
  /** Takes no more queries and answers the pending ones, for at most 5 s. */
  stop(): Promise<void>;
}
