import {
  type MailEvent,
  message,
  type Message,
  messageInWords,
  reasonOf,
  reject,
} from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import { evolveMail, initialMail, type KnownMail, type MailState } from './mail-state.ts';
import { pauseAfterMs } from './pauses.ts';

type DataOf<Type extends MailEvent['type']> = Extract<MailEvent, { type: Type }>['data'];

/** Why an attempt failed, or a mail is not sent. */
export interface MailCause {
  code: string;
  words: Message;
}

/** What a mail server further on tells of a mail that it could not deliver. */
export interface Bounce {
  notificationId: string;
  /** Of the mail that it speaks of. */
  messageId: string;
  /** Nothing will ever be delivered there. */
  isPermanent: boolean;
  cause: MailCause;
}

/** `final`: the same attempt will fail again. `transient`: it may succeed later. `outage`: as `transient`, and nothing speaks against this mail. */
export type FailureKind = 'final' | 'transient' | 'outage';

export type MailCommand =
  | { type: 'request'; request: DataOf<'MailRequested'> }
  /** @param leaseMs how long the worker may be silent before others believe it dead @param emailRevision which of the client's addresses it goes to */
  | { type: 'claim'; now: Date; leaseMs: number; messageId: string; emailRevision: number }
  | { type: 'record_sent'; sent: Pick<DataOf<'MailSent'>, 'attempt' | 'transport' | 'answer'> }
  /** @param attempt null: it failed before anything was attempted */
  | { type: 'record_failure'; now: Date; attempt: number | null; kind: FailureKind; cause: MailCause }
  | { type: 'record_bounce'; bounce: Bounce }
  | { type: 'retry'; operationId: string; now: Date };

/** A mail that fails in a way that counts is given up after so long: 48 hours. */
const patienceMs = 48 * 60 * 60 * 1000;

/** Decides on a mail. Of two workers that take the same one in hand, the expected revision lets one go on. */
export const mailDecider: Decider<MailState, MailCommand, MailEvent> = {
  initialState: initialMail,
  evolve: evolveMail,
  decide(command, state) {
    if (command.type === 'request') {
      return state.status === 'absent' ? [{ type: 'MailRequested', data: command.request }] : [];
    }
    if (state.status === 'absent') throw reject('not_found', message`There is no such mail`);
    switch (command.type) {
      case 'claim':
        return claim(command, state);
      case 'record_sent':
        return recordSent(command, state);
      case 'record_failure':
        return recordFailure(command, state);
      case 'record_bounce':
        return recordBounce(command, state);
      case 'retry':
        return retry(command, state);
      default:
        return command satisfies never;
    }
  },
};

type Known = Exclude<MailState, { status: 'absent' }>;
type CommandOf<Type extends MailCommand['type']> = Extract<MailCommand, { type: Type }>;

/** True for a mail that a worker may take in hand. */
export const isDue = (state: MailState, now: Date): boolean => {
  if (state.status === 'waiting') return state.dueAt === null || Date.parse(state.dueAt) <= now.getTime();
  return state.status === 'attempting' && Date.parse(state.until) <= now.getTime();
};

const claim = ({ now, leaseMs, messageId, emailRevision }: CommandOf<'claim'>, state: Known): MailEvent[] => {
  if (!isDue(state, now)) return [];
  const { mail } = state;
  return [
    {
      type: 'MailAttempted',
      data: {
        ...idsOf(mail),
        attempt: mail.attempts + 1,
        until: new Date(now.getTime() + leaseMs).toISOString(),
        messageId: mail.messageId ?? messageId,
        emailRevision,
      },
    },
  ];
};

/** What was sent is sent, even when its worker was believed dead in between; what came back meanwhile stays so. */
const recordSent = ({ sent }: CommandOf<'record_sent'>, state: Known): MailEvent[] => {
  const { mail, status } = state;
  if (status === 'sent' || status === 'bounced' || mail.messageId === null) return [];
  const { template } = mail.request;
  return [{ type: 'MailSent', data: { ...idsOf(mail), template, messageId: mail.messageId, ...sent } }];
};

const recordFailure = (command: CommandOf<'record_failure'>, state: Known): MailEvent[] => {
  const { now, attempt, kind, cause } = command;
  const { mail, status } = state;
  const isMine =
    attempt === null ? status === 'waiting' : status === 'attempting' && mail.attempts === attempt;
  if (!isMine) return [];
  if (kind === 'final') return [givenUp(mail, cause)];
  const outage = kind === 'outage';
  const countedSince = mail.countedSince ?? (outage ? null : now.toISOString());
  if (!outage && countedSince !== null && now.getTime() - Date.parse(countedSince) >= patienceMs) {
    return [givenUp(mail, cause)];
  }
  const pauseMs = pauseAfterMs(mail.failures + 1, outage);
  return [
    {
      type: 'MailFailed',
      data: {
        ...idsOf(mail),
        attempt: attempt ?? mail.attempts + 1,
        code: cause.code,
        ...reasonOf(cause.words),
        nextAttemptAt: new Date(now.getTime() + pauseMs).toISOString(),
        outage,
        ...(countedSince === null ? {} : { countedSince }),
      },
    },
  ];
};

const givenUp = (mail: KnownMail, { code, words }: MailCause): MailEvent => ({
  type: 'MailGivenUp',
  data: { ...idsOf(mail), template: mail.request.template, code, ...reasonOf(words) },
});

/** Also of a mail whose sending nobody has recorded: it must have been taken. What was given up has its end. */
const recordBounce = ({ bounce }: CommandOf<'record_bounce'>, state: Known): MailEvent[] => {
  const { notificationId, messageId, isPermanent: stopsAddress, cause } = bounce;
  const { mail, status } = state;
  if (status === 'bounced' || status === 'failed' || mail.messageId !== messageId) return [];
  if (mail.notificationIds.includes(notificationId)) return [];
  const { template } = mail.request;
  const reason = { code: cause.code, ...reasonOf(cause.words) };
  return [
    { type: 'MailBounced', data: { ...idsOf(mail), template, ...reason, notificationId, stopsAddress } },
  ];
};

const retry = ({ operationId, now }: CommandOf<'retry'>, state: Known): MailEvent[] => {
  const { mail } = state;
  if (state.status === 'sent') {
    throw reject('mail_sent', message`This mail was sent already; ask for another one by its own request`);
  }
  const isInHand = state.status === 'attempting' && !isDue(state, now);
  if (isInHand) throw reject('mail_in_hand', message`This mail is being sent at this moment`);
  return [{ type: 'MailRetryRequested', data: { ...idsOf(mail), operationId } }];
};

const idsOf = ({ request: { mailId, clientId }, operationId }: KnownMail) => ({
  mailId,
  clientId,
  ...(operationId === null ? {} : { operationId }),
});

/** A cause in English, for the log. */
export const causeInWords = ({ words }: MailCause): string => messageInWords('en', words);
