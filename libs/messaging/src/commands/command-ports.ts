import type {
  Command,
  CommandData,
  CommandName,
  CommandNameOf,
  CommandReply,
  Fault,
  Receipt,
  ServiceName,
} from '@alfa-cloud/contracts';

/** The sending side of the command bus, used by the gateway. */
export interface CommandSender {
  /**
   * Stores a command durably and waits for its reply. A command whose id was sent before is not stored again; it gets the first one's reply.
   * @param options.waitMs longest wait for the reply once the command is stored
   * @param options.receipt stored when the reply does not come in time, so that the decision is recorded when it comes later and the caller
   * can be given the operation's address. Default: no receipt, and a later rejection is not recorded.
   * @param options.isNew true for an id that was never sent before: skips the search for an existing reply. Default false.
   * @returns `stored` when the reply has not come in time; the command runs all the same
   * @throws MessagingUnavailable when the command or its receipt could not be stored; sending it again is harmless
   */
  send<Name extends CommandName>(
    command: Command<CommandData<Name>, Name>,
    options: { waitMs: number; isNew?: boolean; receipt?: Receipt },
  ): Promise<{ kind: 'reply'; reply: CommandReply } | { kind: 'stored' }>;
}

/** Finds receipts: what callers were told about commands that were not decided yet. */
export interface ReceiptFinder {
  /**
   * One attempt.
   * @param id of the operation, or of the resource that its command creates
   */
  find(id: string): Promise<Receipt | null>;
}

/** A command given to its handler. While the handler runs, the bus extends the ack deadline. */
export interface Delivery<Name extends CommandName = CommandName> {
  command: Command<CommandData<Name>, Name>;
  /** 1 for the first delivery; more after a crash, a hand-back or a failure. */
  attempt: number;
  /** Aborted when the service stops: finish within the grace time or throw {@link HandedBack}. */
  signal: AbortSignal;
  /** Sends the sender its reply, and stores it for repetitions of the command. Only the first call has an effect. */
  accepted: (ids: Record<string, string>, position: bigint) => Promise<void>;
}

/**
 * Handles the commands of one name.
 * When it returns, the command is acknowledged. A `Rejection` thrown is sent to the sender and ends the command.
 * {@link HandedBack} returns it to the queue: at once when the service stops, otherwise after a second. After an outage
 * ({@link CommandServerOptions.isOutage}) the handler is called again. Any other error returns the command with a growing delay (1 s, doubled
 * up to 30 s), and after `maxAttempts` it is poison: see {@link CommandServerOptions.onPoison}.
 * The same command never runs twice at the same time in one process, but may in two: the event store's expected revision is the fence.
 */
export interface CommandHandler<Name extends CommandName> {
  handle(delivery: Delivery<Name>): Promise<void>;
  /** True when the command's work has begun and counts its crashes itself; `maxAttempts` does not apply then. */
  isUnderWay?(command: Command<CommandData<Name>, Name>): Promise<boolean>;
  /** Commands of this name handled at the same time by this process. Default 64. */
  concurrency?: number;
}

export type CommandHandlers = { [Name in CommandName]?: CommandHandler<Name> };

/** A handler for each command of a service: one that is left out, or another service's, does not compile. */
export type HandlersOf<Service extends ServiceName> = {
  readonly [Name in CommandNameOf<Service>]: CommandHandler<Name>;
};

/** Thrown by a handler to return its command to the queue, because the service stops or another worker owns the work. */
export class HandedBack extends Error {
  override name = 'HandedBack';
}

/** A command that can't be handled: it is unreadable, unknown, or has failed too often. */
export interface PoisonMessage {
  subject: string;
  /** Sequence number in the stream; ids are derived from it when the command's own id can't be read. */
  sequence: number;
  command: Command | null;
  faults: Fault[];
  /** What its sender was told when it did not wait for the end. Absent: it waited, or nobody knows. */
  receipt?: Receipt;
}

/** The decision on a command whose sender had stopped waiting and left a receipt. */
export interface LateDecision {
  command: Command;
  receipt: Receipt;
  /** `accepted`: reported only for a command without an operation of its own, whose success is recorded nowhere else. */
  outcome: { kind: 'rejected'; faults: Fault[] } | { kind: 'accepted' };
}

export interface CommandServerOptions {
  handlers: CommandHandlers;
  /** Records the end of a poison message. When it throws, the message is delivered again later. */
  onPoison(poison: PoisonMessage): Promise<void>;
  /**
   * Records a decision that its sender did not wait for. Must be idempotent. After an outage it is called again; after any other error the
   * command is delivered again later.
   */
  onLateDecision(decision: LateDecision): Promise<void>;
  /** A command whose worker is silent for so long is delivered to another worker. Default 10 s. */
  ackWaitMs?: number;
  /**
   * Runs after which a command that fails, or whose process dies during it, is poison. Default 5. Runs that were handed back don't count,
   * nor do deliveries in which the command only waited to begin.
   */
  maxAttempts?: number;
  /** Commands that this process holds at the same time, waiting ones included. Default 256. */
  maxInFlight?: number;
  /**
   * True for an error caused by an engine that is unavailable, not by the command.
   * The command is kept and run again after a growing delay (1 s to 30 s), which does not count as an attempt.
   * Default: errors named `MessagingUnavailable` or `EventStoreUnavailable`.
   */
  isOutage?(error: unknown): boolean;
}

/** The running consumer of a service's commands. */
export interface CommandServer {
  /** Takes no more commands, lets running ones finish for `graceMs`, then returns the others to the queue. */
  stop(graceMs: number): Promise<void>;
}
