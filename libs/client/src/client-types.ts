/** Types of the client of Alfa Cloud. Types only: served as `/client.d.ts` beside `/client.js`, with those of calls, resources and routes behind them. */

import type { ActionOptions, Answer, Call, CallAll, Reference, Resource } from './call-types.ts';

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

export type Operation = Resource<'operations'>;
export type OperationStatus = Operation['status'];

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
  /** Connected, for the first time or again; what was written meanwhile comes next. */
  | { name: 'open'; cursor: string }
  | { name: 'entry'; cursor: string; entry: LogEntry }
  | { name: 'transfer'; cursor: string; transfer: Record<string, unknown> }
  | { name: 'end'; cursor: string; status: OperationStatus }
  | Away;

export type ContainerLogEvent =
  | { name: 'open'; cursor: string }
  /** Lines of one look; `at` is RFC 3339 with nanoseconds. */
  | { name: 'lines'; cursor: string; lines: { at: string; text: string }[] }
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

export interface FollowContainerLogOptions extends FollowOptions {
  /** Lines of before to begin with, 1 to 1000. Default 100. */
  tail?: number;
}

export interface FollowEventsOptions extends FollowOptions {
  types?: readonly ('servers' | 'clients' | 'operations' | 'backups' | 'builds' | 'mails' | 'alerts')[];
  clientId?: string;
  serverId?: string;
  /** Longest wait for one answer where streams do not arrive and the same is polled, ms. Default: that of the client. */
  timeoutMs?: number;
}

export interface Client {
  /** Reads. `get('/clients/{id}', { id, include: ['server'] })` */
  get: Call<'GET'>;
  post: Call<'POST'>;
  patch: Call<'PATCH'>;
  delete: Call<'DELETE'>;
  /** All pages of a list, one resource after the other. @throws AlfaError */
  all: CallAll;
  /** The same without types, for a path that an answer leads to: `request('GET', answer.links.next)`. @throws AlfaError */
  request<Data = unknown>(method: string, path: string, options?: ActionOptions): Promise<Answer<Data>>;
  /**
   * Waits until an operation has ended, however it ended: see its `status`. Short outages are waited out.
   * @throws AlfaError `deadline`, or what refuses the question
   */
  waitForOperation(id: string, options?: WaitOptions): Promise<Operation>;
  /** Reads the log of an operation to its end, through every cut, nothing twice. @throws AlfaError */
  followLog(operationId: string, options?: FollowOptions): AsyncGenerator<LogEvent, void, undefined>;
  /**
   * Reads what a client's container writes until the client is deleted, through every cut, nothing twice.
   * @throws AlfaError
   */
  followContainerLog(
    clientId: string,
    options?: FollowContainerLogOptions,
  ): AsyncGenerator<ContainerLogEvent, void, undefined>;
  /** Tells what changes until the signal is aborted, through every cut, nothing twice. @throws AlfaError */
  followEvents(options?: FollowEventsOptions): AsyncGenerator<FeedEvent, void, undefined>;
}

export declare const createClient: (options: ClientOptions) => Client;
