import { newId, type MailEvent, type Reason, streams } from '@alfa-cloud/contracts';
import { eventIdsFor, fold, handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { errorName, type Clock, type Logger } from '@alfa-cloud/service-kit';
import type { MailFailure, MailTransport } from '../transport/mail-transport.ts';
import { isDue, mailDecider, type MailCommand } from './mail.ts';
import type { MailState } from './mail-state.ts';
import { prepareMail, type PrepareDeps, type PreparedMail } from './prepare-mail.ts';

export interface DeliverDeps extends PrepareDeps {
  transport: MailTransport;
  clock: Clock;
  logger: Logger;
}

/** What became of a mail by now. `busy`: another worker has it in hand. */
export type Delivered =
  | { status: 'sent'; answer: string; transport: MailTransport['kind']; position: bigint }
  | { status: 'waiting'; failure: Reason | null; outage: boolean; position: bigint }
  | { status: 'failed'; failure: Reason; position: bigint }
  | { status: 'busy'; position: bigint };

/** Added to the longest time of a hand-over: a worker silent for so long counts as dead. */
const leaseSlackMs = 30_000;

/**
 * Attempts a mail that is due, once; one that is not is left as it is. Many workers may do so at the same time: the revision of the mail's stream
 * lets one of them go on. A worker that dies between the server's answer and its record has the mail sent once more, under the same Message-ID.
 * @throws EventStoreUnavailable · MessagingUnavailable · Rejection `not_found` for a mail never requested · the signal's reason
 */
export const deliverMail = (
  deps: DeliverDeps,
  { mailId, cause, signal }: { mailId: string; cause: Cause; signal: AbortSignal },
): Promise<Delivered> =>
  deps.transport.inTurn(async () => {
    const { state, position } = await loadMail(deps.store, mailId);
    if (state.status === 'absent' || !isDue(state, deps.clock())) return deliveredOf(state, position);
    const decide = (command: MailCommand) => decideOnMail(deps.store, { mailId, cause, command });
    const prepared = await failing(() => prepareMail(deps, state.mail, deps.clock()));
    if (prepared instanceof Error) return recordFailure(deps, decide, null, prepared);
    const claimed = await claim(deps, decide, { mailId, emailRevision: prepared.emailRevision });
    if (claimed === null) return deliveredOf((await loadMail(deps.store, mailId)).state, position);
    return attempt(deps, decide, { mailId, prepared, ...claimed });
  }, signal);

type Decide = (command: MailCommand) => Promise<{ state: MailState; events: MailEvent[]; position: bigint }>;
interface Claimed {
  attemptNumber: number;
  messageId: string;
}

const attempt = async (
  deps: DeliverDeps,
  decide: Decide,
  { mailId, prepared, attemptNumber, messageId }: Claimed & { mailId: string; prepared: PreparedMail },
): Promise<Delivered> => {
  const { transport, clock } = deps;
  // Not cut off when the service stops: nobody could tell then whether the mail has arrived.
  const sent = await failing(() => transport.send({ ...prepared, mailId, messageId, at: clock() }));
  if (sent instanceof Error) return recordFailure(deps, decide, attemptNumber, sent);
  const { state, position } = await decide({
    type: 'record_sent',
    sent: { attempt: attemptNumber, transport: transport.kind, answer: sent.answer },
  });
  return deliveredOf(state, position);
};

/** Null when another worker was first. */
const claim = async (
  { transport, clock }: DeliverDeps,
  decide: Decide,
  { mailId, emailRevision }: { mailId: string; emailRevision: number },
): Promise<Claimed | null> => {
  try {
    const { events } = await decide({
      type: 'claim',
      now: clock(),
      leaseMs: transport.deadlineMs + leaseSlackMs,
      messageId: `<${mailId}@${transport.domain}>`,
      emailRevision,
    });
    const [claimed] = events;
    if (claimed?.type !== 'MailAttempted') return null;
    return { attemptNumber: claimed.data.attempt, messageId: claimed.data.messageId };
  } catch (error) {
    if (errorName(error) === 'WrongRevision') return null;
    throw error;
  }
};

const recordFailure = async (
  { clock, logger }: DeliverDeps,
  decide: Decide,
  attemptNumber: number | null,
  { kind, failure, cause }: MailFailure,
): Promise<Delivered> => {
  const { state, position } = await decide({
    type: 'record_failure',
    now: clock(),
    attempt: attemptNumber,
    kind,
    cause: failure,
  });
  const delivered = deliveredOf(state, position);
  const what = { code: failure.code, cause: errorName(cause), status: delivered.status };
  logger.warn(what, 'a mail could not be handed over');
  return delivered;
};

/** The mail's state from its stream. @throws EventStoreUnavailable */
export const loadMail = async (
  store: EventStore,
  mailId: string,
): Promise<{ state: MailState; position: bigint }> => {
  const { events } = await store.read<MailEvent>(streams.mail(mailId));
  return { state: fold(mailDecider, events), position: events.at(-1)?.position ?? 0n };
};

/**
 * Decides on a mail and records it. A claim has ids of its own: two workers that claim the same attempt are two, of which one loses.
 * @param options.key the same for a decision taken again after a crash; default: a new one
 */
export const decideOnMail = (
  store: EventStore,
  {
    mailId,
    cause,
    command,
    key = newId(),
  }: { mailId: string; cause: Cause; command: MailCommand; key?: string },
) =>
  handleCommand(store, {
    stream: streams.mail(mailId),
    decider: mailDecider,
    command,
    cause,
    eventIds: eventIdsFor(key, mailId, command.type),
  });

const failing = async <T>(work: () => Promise<T>): Promise<T | MailFailure> => {
  try {
    return await work();
  } catch (error) {
    if (errorName(error) === 'MailFailure') return error as MailFailure;
    throw error;
  }
};

const deliveredOf = (state: MailState, position: bigint): Delivered => {
  switch (state.status) {
    case 'absent':
    case 'attempting':
      return { status: 'busy', position };
    case 'sent':
      return { status: 'sent', answer: state.sent.answer, transport: state.sent.transport, position };
    case 'waiting':
      return { status: 'waiting', failure: state.failure, outage: state.outage, position };
    case 'failed':
    case 'bounced':
      return { status: 'failed', failure: state.failure, position };
    default:
      return state satisfies never;
  }
};
