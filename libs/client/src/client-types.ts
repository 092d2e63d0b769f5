/** Types of the client of Alfa Cloud. Types only: this file is served as `/client.d.ts` beside `/client.js`. */

export interface ClientOptions {
  /** Where Alfa Cloud answers, `https://cloud.example.org`. Default: where the page comes from. */
  url?: string;
  /** Sent with every request; nothing is kept anywhere, and no cookie is used. */
  login: string;
  password: string;
  /** Language of titles, details and log lines. Default: the server's, English. */
  language?: 'ru' | 'en';
  /** Longest wait for an answer, ms. Default 30,000. */
  timeoutMs?: number;
  /** Default: the global one. */
  fetch?: typeof fetch;
}

/** A reference to a resource. */
export interface Reference {
  type: string;
  id: string;
}

/**
 * A resource as a plain object: its attributes, and under the names of its relationships what they lead to: the resource itself where it was
 * included, else a {@link Reference}; an array for many, null for none.
 */
export type Resource<Attributes = Record<string, unknown>> = Attributes &
  Reference & {
    links?: Record<string, string>;
    meta?: Record<string, unknown>;
  };

export interface Answer<Data> {
  status: number;
  /** What the document holds; null where there is none (204, `meta` only). */
  data: Data;
  meta: Record<string, unknown>;
  links: Record<string, string | null>;
}

export interface RequestOptions {
  /** Stands for `{id}` in the path. */
  id?: string;
  /** `page[number]`, `filter[status]`, `targetImage`, … ; arrays are joined by commas, undefined ones are left out. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  /** Names of relationships whose resources come along. */
  include?: readonly string[];
  /** Attributes wanted, by type. */
  fields?: Record<string, readonly string[]>;
  signal?: AbortSignal;
  /** Default: that of the client. */
  timeoutMs?: number;
}

export interface ActionOptions extends RequestOptions {
  /** Type of the resource in the document. Default: the first part of the path. */
  type?: string;
  attributes?: Record<string, unknown>;
  /** Ids by names of relationships, each with its type: `{ server: { type: 'servers', id } }`. */
  relationships?: Record<string, Reference | null>;
  /** The same key has one effect, however often it is sent. Default: a new one for each call. */
  idempotencyKey?: string;
  /** Seconds, at most 60, in which the answer waits for the operation's end. */
  waitSeconds?: number;
}

/** One fault of an answer. */
export interface Fault {
  code: string;
  title: string;
  detail?: string;
  source?: { pointer?: string; parameter?: string; header?: string };
  meta?: Record<string, unknown>;
}

/**
 * Whatever went wrong. `code` is that of the first fault, or `not_reached` (no connection), `timeout` (no answer in time), `deadline`
 * (an operation did not end in time), `not_understood` (an answer of somebody else). An aborted signal is thrown as its own reason.
 */
export declare class AlfaError extends Error {
  readonly name: 'AlfaError';
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly faults: readonly Fault[];
  /** JSON pointers into the document sent, for the fields of a form. */
  readonly pointers: readonly string[];
  /** Seconds after which to try again, where the server says so. */
  readonly retryAfter: number | null;
  /** For whoever looks into the server's log. */
  readonly requestId: string | null;
  /** True where the same request may succeed a little later. */
  readonly isPassing: boolean;
}

export type OperationStatus = 'accepted' | 'running' | 'cancelling' | 'ok' | 'error' | 'cancelled';

export type Operation = Resource<{
  kind: string;
  status: OperationStatus;
  steps: { name: string; title: string; status: string }[];
  error: { code: string; reason: string; step: string | null } | null;
  result: Record<string, unknown> | null;
}>;

export interface WaitOptions {
  /** Default: ten minutes. */
  deadlineMs?: number;
  signal?: AbortSignal;
  /** Called with each new state of it. */
  onChange?: (operation: Operation) => void;
}

export interface LogEntry {
  cursor: string;
  at: string;
  step: string | null;
  level: string;
  message: string;
}

export type LogEvent =
  | { name: 'entry'; cursor: string; entry: LogEntry }
  | { name: 'transfer'; cursor: string; transfer: Record<string, unknown> }
  | { name: 'end'; cursor: string; status: OperationStatus }
  | Away;

/** The connection is lost; what is shown is as old as `since`. Reading goes on by itself. */
export interface Away {
  name: 'away';
  cursor: string | null;
  since: Date;
}

/** A resource that looks other than before. */
export interface Change extends Reference {
  clientId: string | null;
  serverId: string | null;
  removed: boolean;
}

export type FeedEvent =
  /** Connected: what is read from now on is at least as new. */
  | { name: 'open'; cursor: string }
  | { name: 'changes'; cursor: string; changes: Change[] }
  /** What is shown of that server's clients, or of its health, still holds as of `at`. */
  | {
      name: 'observed';
      cursor: string;
      observed: { serverId: string; attribute: 'availableCheckedAt' | 'healthCheckedAt'; at: string }[];
    }
  /** Read everything anew: nothing can be told of what happened since the cursor. */
  | { name: 'reset'; cursor: string; reason: string }
  | Away;

export interface FollowOptions {
  /** Goes on behind it. */
  after?: string;
  signal?: AbortSignal;
}

export interface FollowEventsOptions extends FollowOptions {
  types?: readonly ('servers' | 'clients' | 'operations' | 'backups' | 'builds' | 'mails' | 'alerts')[];
  clientId?: string;
  serverId?: string;
}

export interface Client {
  /** Reads. `get('/clients/{id}', { id, include: ['server'] })` @throws AlfaError */
  get<Data = Resource>(path: string, options?: RequestOptions): Promise<Answer<Data>>;
  /** All pages of a list, one resource after the other. @throws AlfaError */
  all<Item = Resource>(path: string, options?: RequestOptions): AsyncGenerator<Item, void, undefined>;
  post<Data = Resource>(path: string, options?: ActionOptions): Promise<Answer<Data>>;
  patch<Data = Resource>(path: string, options?: ActionOptions): Promise<Answer<Data>>;
  delete<Data = Resource>(path: string, options?: ActionOptions): Promise<Answer<Data>>;
  /**
   * Waits until an operation has ended, however it ended: see its `status`. Short outages are waited out.
   * @throws AlfaError `deadline`, or what refuses the question
   */
  waitForOperation(id: string, options?: WaitOptions): Promise<Operation>;
  /** Reads the log of an operation to its end, through every cut, nothing twice. @throws AlfaError */
  followLog(operationId: string, options?: FollowOptions): AsyncGenerator<LogEvent, void, undefined>;
  /** Tells what changes until the signal is aborted, through every cut, nothing twice. @throws AlfaError */
  followEvents(options?: FollowEventsOptions): AsyncGenerator<FeedEvent, void, undefined>;
}

export declare const createClient: (options: ClientOptions) => Client;
