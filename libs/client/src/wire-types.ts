import type * as calls from './call-types.ts';
import type * as types from './client-types.ts';

/** What the client consists of inside; types only, so that nothing of this file is left in what is served. */

export interface Document {
  data?: unknown;
  included?: RawResource[];
  meta?: Record<string, unknown>;
  links?: Record<string, string | null>;
  errors?: types.Fault[];
}

export interface RawResource extends calls.Reference {
  attributes?: Record<string, unknown>;
  relationships?: Record<
    string,
    { data?: calls.Reference | calls.Reference[] | null; meta?: Record<string, unknown> }
  >;
  links?: Record<string, string>;
  meta?: Record<string, unknown>;
}

export interface Told {
  status?: number;
  faults?: readonly types.Fault[];
  retryAfter?: number | null;
  requestId?: string | null;
  cause?: unknown;
}

/** Requests with credentials. */
export interface Wire {
  /** @throws AlfaError `not_reached`, or the reason of the signal */
  open: (address: string, init: RequestInit, signal: AbortSignal) => Promise<Response>;
  /** @throws AlfaError for an answer that is no success */
  read: (response: Response) => Promise<Document>;
  /** What is read later is at least as new as this position, whichever gateway answers. `isAnew`: those of before are of another event store. */
  note: (position: string | null, isAnew?: boolean) => void;
}

/** What may come with a request; no signal is as good as an undefined one. */
export type Asked = Omit<calls.ActionOptions, 'signal' | 'timeoutMs'> & {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
};

export type Request = <Data>(method: string, path: string, asked?: Asked) => Promise<calls.Answer<Data>>;

/** An event as it arrives; a sign of life has no name, and may carry an id. */
export interface RawEvent {
  name: string;
  id: string | null;
  data: Record<string, unknown>;
}

export interface LogPage {
  status: types.OperationStatus;
  entries: types.LogEntry[];
}
