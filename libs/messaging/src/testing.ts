import {
  isRejection,
  madeId,
  reject,
  Rejection,
  type Command,
  type CommandData,
  type CommandName,
  type CommandReply,
  type Queries,
  type QueryName,
  type Receipt,
} from '@alfa-cloud/contracts';
import {
  MessagingUnavailable,
  type AskOptions,
  type CommandHandlers,
  type CommandSender,
  type Feed,
  type QueryContext,
  type QueryHandlers,
  type QueryOutcome,
  type QuerySender,
  type ReceiptFinder,
} from './ports.ts';

type AnyCommand = Command<CommandData<CommandName>, CommandName>;

/** What came of a command delivered by {@link deliver}. */
export interface DeliveryEnd {
  /** The first answer given, as the sender would get it; null when there was none. */
  reply: CommandReply | null;
  /** What the handler threw besides a rejection: the command would go back to the queue. */
  error: unknown;
}

/**
 * Gives a command to its handler as the bus would, once, without a bus.
 * @param options.attempt default 1
 * @param options.signal default: never aborted
 */
export const deliver = async <Name extends CommandName>(
  handlers: CommandHandlers,
  command: Command<CommandData<Name>, Name>,
  options: { attempt?: number; signal?: AbortSignal } = {},
): Promise<DeliveryEnd> => {
  const handler = handlers[command.name];
  if (handler === undefined) throw new TypeError(`There is no handler of ${command.name}`);
  const { fingerprint } = command;
  let reply: CommandReply | null = null;
  try {
    await handler.handle({
      command,
      attempt: options.attempt ?? 1,
      signal: options.signal ?? new AbortController().signal,
      async accepted(ids, position) {
        reply ??= { outcome: 'accepted', fingerprint, ids, position: String(position) };
      },
    });
    return { reply, error: null };
  } catch (error) {
    if (!isRejection(error)) return { reply, error };
    reply ??= { outcome: 'rejected', fingerprint, faults: [...error.faults] };
    return { reply, error: null };
  }
};

/** A {@link CommandSender} that remembers what was sent and answers what the test says. */
export interface FakeCommandSender extends CommandSender {
  /** Commands in the order of sending; one id stands once. */
  readonly sent: readonly AnyCommand[];
  /** Of the commands that were answered `stored`. */
  readonly receipts: ReceiptFinder;
}

/**
 * @param answer the reply to a command; `stored` when none comes in time; `unavailable` when NATS is away. Asked once for each command id.
 */
export const fakeCommandSender = (
  answer: (
    command: AnyCommand,
  ) => CommandReply | 'stored' | 'unavailable' | Promise<CommandReply | 'stored' | 'unavailable'>,
): FakeCommandSender => {
  const sent: AnyCommand[] = [];
  const answers = new Map<string, ReturnType<typeof answer>>();
  const receipts: Receipt[] = [];
  return {
    sent,
    receipts: {
      find: async (id) =>
        receipts.find((receipt) => receipt.operationId === id || madeId(receipt) === id) ?? null,
    },
    async send(command, { receipt }) {
      const known = answers.get(command.id);
      const given = known ?? answer(command);
      const outcome = await given;
      if (outcome === 'unavailable') throw new MessagingUnavailable('NATS is away');
      if (!answers.has(command.id)) {
        answers.set(command.id, given);
        sent.push(command);
      }
      if (outcome === 'stored' && receipt !== undefined) receipts.push(receipt);
      return outcome === 'stored' ? { kind: 'stored' } : { kind: 'reply', reply: outcome };
    },
  };
};

/** A {@link CommandSender} that hands each command straight to its handler. The same id gets the first reply and is not run again. */
export const commandSenderOf = (handlers: CommandHandlers): FakeCommandSender =>
  fakeCommandSender(async (command) => {
    const { reply, error } = await deliver(handlers, command);
    if (reply === null && error !== null) throw error;
    return reply ?? 'stored';
  });

type AnyQueryHandler = (request: unknown, context: QueryContext) => Promise<QueryOutcome<unknown>>;

/** A {@link QuerySender} over handlers in the same process; what they answer goes through JSON as on the wire. */
export const querySenderOf = (handlers: QueryHandlers): QuerySender => {
  const askRaw = async (name: QueryName, request: unknown, options: AskOptions = {}) => {
    const handler = handlers[name] as AnyQueryHandler | undefined;
    if (handler === undefined) throw new MessagingUnavailable(`Nobody answers ${name}`);
    const minPosition = options.minPosition === undefined ? null : BigInt(options.minPosition);
    try {
      const outcome = await handler(JSON.parse(JSON.stringify(request)), {
        minPosition,
        positionWaitMs: options.positionWaitMs ?? null,
      });
      const resultJson = 'resultJson' in outcome ? outcome.resultJson : JSON.stringify(outcome.result);
      return { resultJson, stale: outcome.stale === true };
    } catch (error) {
      if (isRejection(error)) throw new Rejection(error.faults);
      throw reject('internal', 'The query failed');
    }
  };
  return {
    askRaw,
    async ask<Name extends QueryName>(name: Name, request: Queries[Name]['request'], options?: AskOptions) {
      const { resultJson, stale } = await askRaw(name, request, options);
      return { result: JSON.parse(resultJson) as Queries[Name]['result'], stale };
    },
  };
};

/** A {@link Feed} within one process; messages go through JSON and arrive at once. Subjects may hold `*` and a last `>`. */
export const inMemoryFeed = (): Feed & {
  readonly published: readonly { subject: string; message: unknown }[];
} => {
  const published: { subject: string; message: unknown }[] = [];
  const subscriptions = new Set<{
    matches: (subject: string) => boolean;
    handler: (message: unknown) => void;
  }>();
  return {
    published,
    publish(subject, message) {
      const text = JSON.stringify(message);
      published.push({ subject, message: JSON.parse(text) });
      for (const { matches, handler } of subscriptions) if (matches(subject)) handler(JSON.parse(text));
    },
    subscribe(pattern, handler) {
      const subscription = { matches: (subject: string) => subjectMatches(pattern, subject), handler };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
  };
};

const subjectMatches = (pattern: string, subject: string): boolean => {
  const wanted = pattern.split('.');
  const given = subject.split('.');
  const rest = wanted.indexOf('>');
  if (rest >= 0 ? given.length <= rest : given.length !== wanted.length) return false;
  return (rest >= 0 ? wanted.slice(0, rest) : wanted).every(
    (token, place) => token === '*' || token === given[place],
  );
};
