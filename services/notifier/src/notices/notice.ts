import { message, reasonOf, reject, type Message, type NoticeEvent } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';

export type NoticeData = Extract<NoticeEvent, { type: 'NoticeRequested' }>['data'];

/** `failures`: since it was requested or asked for once more. Times are RFC 3339. */
interface Known {
  notice: NoticeData;
  attempts: number;
  failures: number;
  /** Asked for once more. */
  isReplayed: boolean;
}

export type NoticeState =
  | { status: 'absent' }
  /** `dueAt` null: at once. */
  | ({ status: 'waiting'; dueAt: string | null } & Known)
  | ({ status: 'attempting'; until: string } & Known)
  | ({ status: 'delivered' | 'failed' } & Known);

export type NoticeCommand =
  | { type: 'request'; notice: NoticeData }
  | { type: 'claim'; now: Date; leaseMs: number }
  | { type: 'record_delivered'; attempt: number; answer: string }
  /** @param attempt null: it failed before anything was attempted */
  | {
      type: 'record_failure';
      now: Date;
      attempt: number | null;
      kind: 'final' | 'transient';
      cause: { code: string; words: Message };
    }
  | { type: 'replay'; now: Date };

const minuteMs = 60_000;
/** Pauses after the failures in a row: tried for 28 hours, then given up. */
const pausesMs = [5000, 0.5 * minuteMs, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs].concat(
  [1, 2, 4, 8, 12].map((hours) => hours * 60 * minuteMs),
);

/** Decides on a notice. Of two workers that take the same one in hand, the expected revision lets one go on. */
export const noticeDecider: Decider<NoticeState, NoticeCommand, NoticeEvent> = {
  initialState: () => ({ status: 'absent' }),
  evolve(state, event) {
    if (event.type === 'NoticeRequested') {
      const { notBefore = null } = event.data;
      return {
        status: 'waiting',
        notice: event.data,
        attempts: 0,
        failures: 0,
        isReplayed: false,
        dueAt: notBefore,
      };
    }
    if (state.status === 'absent') return state;
    const { notice, attempts, failures, isReplayed } = state;
    const known = { notice, attempts, failures, isReplayed };
    switch (event.type) {
      case 'NoticeAttempted':
        return { ...known, status: 'attempting', attempts: event.data.attempt, until: event.data.until };
      case 'NoticeDelivered':
        return { ...known, status: 'delivered' };
      case 'NoticeFailed':
        return { ...known, status: 'waiting', failures: failures + 1, dueAt: event.data.nextAttemptAt };
      case 'NoticeGivenUp':
        return { ...known, status: 'failed' };
      case 'NoticeReplayRequested':
        return { ...known, status: 'waiting', failures: 0, isReplayed: true, dueAt: null };
      default:
        return event satisfies never;
    }
  },
  decide(command, state) {
    if (command.type === 'request') {
      return state.status === 'absent' ? [{ type: 'NoticeRequested', data: command.notice }] : [];
    }
    if (state.status === 'absent') throw reject('not_found', message`There is no such delivery`);
    const { noticeId, recipient } = state.notice;
    const ids = { noticeId, recipient };
    switch (command.type) {
      case 'claim': {
        if (!isDue(state, command.now)) return [];
        const until = new Date(command.now.getTime() + command.leaseMs).toISOString();
        return [{ type: 'NoticeAttempted', data: { ...ids, attempt: state.attempts + 1, until } }];
      }
      case 'record_delivered': {
        const { attempt, answer } = command;
        if (state.status === 'delivered') return [];
        return [{ type: 'NoticeDelivered', data: { ...ids, attempt, answer } }];
      }
      case 'record_failure':
        return recordFailure(command, state);
      case 'replay':
        // In hand, or waiting for its first attempt: it goes out anyway.
        if (state.status === 'attempting' && !isDue(state, command.now)) return [];
        return [{ type: 'NoticeReplayRequested', data: ids }];
      default:
        return command satisfies never;
    }
  },
};

/** True for one that a worker may take in hand. */
export const isDue = (state: NoticeState, now: Date): boolean => {
  if (state.status === 'waiting') return state.dueAt === null || Date.parse(state.dueAt) <= now.getTime();
  return state.status === 'attempting' && Date.parse(state.until) <= now.getTime();
};

const recordFailure = (
  { now, attempt, kind, cause }: Extract<NoticeCommand, { type: 'record_failure' }>,
  state: Exclude<NoticeState, { status: 'absent' }>,
): NoticeEvent[] => {
  const { noticeId, recipient } = state.notice;
  const isMine =
    attempt === null
      ? state.status === 'waiting'
      : state.status === 'attempting' && state.attempts === attempt;
  if (!isMine) return [];
  const reason = { code: cause.code, ...reasonOf(cause.words) };
  const pauseMs = kind === 'final' ? undefined : pausesMs[state.failures];
  if (pauseMs === undefined) return [{ type: 'NoticeGivenUp', data: { noticeId, recipient, ...reason } }];
  const nextAttemptAt = new Date(now.getTime() + pauseMs).toISOString();
  const failed = { noticeId, recipient, attempt: attempt ?? state.attempts + 1, ...reason, nextAttemptAt };
  return [{ type: 'NoticeFailed', data: failed }];
};
