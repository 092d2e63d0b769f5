import type {
  Command,
  CommandData,
  CommandName,
  CommandReply,
  Fault,
  Queries,
  QueryName,
  Receipt,
} from '@alfa-cloud/contracts';

/** The sending side of the command bus, used by the gateway. */
export interface CommandSender {
  /**
   * Stores a command durably and waits for its reply. A command id sent before is not stored again: the first one's reply is answered.
   * @param options.waitMs longest wait for the reply once the command is stored
   * @param options.receipt stored when the reply has not come in time, so that what becomes of the command is recorded: the sender may be
   * given the address of the operation. Default: nobody is told anything, and a later refusal is not recorded.
   * @param options.isNew true for an id made just now and never sent before: spares looking for the reply that it may have. Default false.
   * @returns `stored` when the reply has not come in time: the command will run all the same
   * @throws MessagingUnavailable when the command or its receipt could not be stored; sending it again is harmless
   */
  send<Name extends CommandName>(
    command: Command<CommandData<Name>, Name>,
    options: { waitMs: number; isNew?: boolean; receipt?: Receipt },
  ): Promise<{ kind: 'reply'; reply: CommandReply } | { kind: 'stored' }>;
}

/** Finds what senders were told of commands that were not decided on yet. */
export interface ReceiptFinder {
  /**
   * One attempt.
   * @param id of the operation, or of what its command makes
   */
  find(id: string): Promise<Receipt | null>;
}

/** NATS did not take or answer a message in time. */
export class MessagingUnavailable extends Error {
  override name = 'MessagingUnavailable';
}

/** A command in the hands of its handler. While the handler runs the bus tells JetStream that work goes on. */
export interface Delivery<Name extends CommandName = CommandName> {
  command: Command<CommandData<Name>, Name>;
  /** 1 at first; more after a crash, a hand-over or a failure. */
  attempt: number;
  /** Aborted when the service stops: finish within the grace time or throw {@link HandedBack}. */
  signal: AbortSignal;
  /** Tells the sender, once; repeated calls are ignored. Kept so that the same command sent again gets the same answer. */
  accepted: (ids: Record<string, string>, position: bigint) => Promise<void>;
}

/**
 * Handles one command name.
 * Returning acknowledges the command. A `Rejection` thrown is told to the sender and ends it.
 * {@link HandedBack} returns it to the queue: at once when the service stops, else after a second. An outage
 * ({@link CommandServerOptions.isOutage}) is waited out. Any other error returns it with a growing delay (1 s, doubled up to 30 s),
 * and after `maxAttempts` it is poison: see {@link CommandServerOptions.onPoison}.
 * The same command never runs twice at the same time in one process, but may in two: the event store is the fence.
 */
export interface CommandHandler<Name extends CommandName> {
  handle(delivery: Delivery<Name>): Promise<void>;
  /** True when the command's own work has begun and keeps its own account of crashes; then runs beyond `maxAttempts` are let through. */
  isUnderWay?(command: Command<CommandData<Name>, Name>): Promise<boolean>;
  /** Commands of this name handled at the same time by this process. Default 64. */
  concurrency?: number;
}

export type CommandHandlers = { [Name in CommandName]?: CommandHandler<Name> };

/** Thrown by a handler that gives its command back because the service stops or another worker owns the work. */
export class HandedBack extends Error {
  override name = 'HandedBack';
}

/** A command that can't be handled: unreadable, unknown, or failed too often. */
export interface PoisonMessage {
  subject: string;
  /** Sequence in the stream; the root of derived ids when the command has none that can be read. */
  sequence: number;
  command: Command | null;
  faults: Fault[];
}

/** What became of a command after its sender had been answered with a receipt. */
export interface LateOutcome {
  command: Command;
  receipt: Receipt;
  /** `accepted`: it has no operation of its own, so nothing else tells that it was carried out. */
  outcome: { kind: 'rejected'; faults: Fault[] } | { kind: 'accepted' };
}

export interface CommandServerOptions {
  handlers: CommandHandlers;
  /** Makes the end of a poison message visible; when it throws, the message comes back later. */
  onPoison(poison: PoisonMessage): Promise<void>;
  /**
   * Makes visible what became of a command whose sender waits no more. Repeatable; while it throws an outage the command is kept, and any other
   * error brings it back later.
   */
  onLate(late: LateOutcome): Promise<void>;
  /** A delivery not heard of for so long is given to another worker. Default 10 s. */
  ackWaitMs?: number;
  /**
   * Runs after which a command that fails, or whose process dies in it, is poison. Default 5. Runs that were handed back don't count,
   * nor do deliveries in which the command only waited for its turn.
   */
  maxAttempts?: number;
  /** Commands taken from the queue and not ended yet, by this process. Default 256. */
  maxInFlight?: number;
  /**
   * True for an error that says nothing about the command, only that something everybody needs is away.
   * The command is kept and tried again after a growing delay (1 s to 30 s), which does not count as an attempt.
   * Default: errors named `MessagingUnavailable` or `EventStoreUnavailable`.
   */
  isOutage?(error: unknown): boolean;
}

/** Running consumer of a service's commands. */
export interface CommandServer {
  /** Takes no more commands, lets running ones finish for `graceMs`, then hands the rest back. */
  stop(graceMs: number): Promise<void>;
}

export interface AskOptions {
  /** The answer shall include all events up to this commit position; when the asked side is not there in time, `stale` is true. */
  minPosition?: string;
  /** How long the asked side may wait for `minPosition`, in milliseconds. Default: as it thinks right. */
  positionWaitMs?: number;
  /** Told how far the asked side had come when it answered, also when the answer is a fault. */
  onPosition?: (position: string) => void;
  /** Default 5 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** The asking side of queries. */
export interface QuerySender {
  /**
   * Asks a query. A connection that breaks meanwhile is waited for and the query asked again.
   * @throws Rejection for a fault of the question (`not_found`, …) or of the answering side (`internal`, `unavailable`)
   * @throws MessagingUnavailable when nobody answers within `timeoutMs`; at once when no answerer is there
   */
  ask<Name extends QueryName>(
    name: Name,
    request: Queries[Name]['request'],
    options?: AskOptions,
  ): Promise<{ result: Queries[Name]['result']; stale: boolean }>;

  /** As {@link QuerySender.ask}, with the result as the JSON text that came over the wire, not parsed. */
  askRaw<Name extends QueryName>(
    name: Name,
    request: Queries[Name]['request'],
    options?: AskOptions,
  ): Promise<{ resultJson: string; stale: boolean }>;
}

/** A result, or its JSON text when the handler has that already. */
export type QueryOutcome<Result> =
  { result: Result; stale?: boolean } | { resultJson: string; stale?: boolean };

/** What a question says besides its request. */
export interface QueryContext {
  /** Events up to here shall be in the answer. */
  minPosition: bigint | null;
  /** Longest wait for that; null: as the handler thinks right. */
  positionWaitMs: number | null;
}

/** A `Rejection` thrown is told to the asker; any other error is logged and told as `internal` without its text. */
export type QueryHandlers = {
  [Name in QueryName]?: (
    request: Queries[Name]['request'],
    context: QueryContext,
  ) => Promise<QueryOutcome<Queries[Name]['result']>>;
};

export interface QueryServerOptions {
  /** Queries answered at the same time. Default 64. */
  concurrency?: number;
  /** Queries waiting for their turn; further ones are answered `unavailable`. Default 1000. */
  maxQueued?: number;
  /** Longest wait for a turn, in milliseconds, after which the answer is `unavailable`. Default 5000. */
  maxQueuedMs?: number;
  /** How far this side has come in the order of all events, told with each answer. Default: nothing is told. */
  position?: () => bigint | null;
}

export interface QueryServer {
  /** Takes no more questions and answers those that it has, for at most 5 s. */
  stop(): Promise<void>;
}

/** Nudges between services: fire and forget, nothing depends on one arriving. */
export interface Feed {
  publish(subject: string, message: unknown): void;
  /** @returns a function that ends the subscription */
  subscribe(subject: string, handler: (message: unknown) => void): () => void;
}
