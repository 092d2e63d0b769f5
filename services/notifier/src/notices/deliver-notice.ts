import { message, newId, streams, type NoticeEvent, type ServerEvent } from '@alfa-cloud/contracts';
import { eventIdsFor, fold, handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import { errorMessage, errorName, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { isDue, noticeDecider, type NoticeCommand, type NoticeData } from './notice.ts';
import { NoticeFailure } from './notice-failure.ts';

/** Hands a notice over. */
export interface Channel {
  /** Longest time that a hand-over takes, ms. */
  readonly deadlineMs: number;
  /** @param signal ends the wait for its turn @returns what the receiver said @throws NoticeFailure */
  send(notice: NoticeData, signal: AbortSignal): Promise<string>;
}

export interface DeliverNoticeDeps {
  store: EventStore;
  channels: { readonly [Kind in NoticeData['recipient']['kind']]: Channel };
  clock: Clock;
  logger: Logger;
}

/** Added to the longest time of a hand-over: a worker silent for so long counts as dead. */
const leaseSlackMs = 30_000;

/**
 * Attempts a notice that is due, once; one that is not is left as it is. A worker that dies between the receiver's answer and its record has the
 * notice sent once more, under the same id.
 */
export const deliverNotice = async (
  deps: DeliverNoticeDeps,
  noticeId: string,
  signal: AbortSignal,
): Promise<void> => {
  const { store, clock, channels } = deps;
  const { events } = await store.read<NoticeEvent>(streams.notice(noticeId));
  const state = fold(noticeDecider, events);
  if (state.status === 'absent' || !isDue(state, clock())) return;
  const decide = (command: NoticeCommand) => decideOnNotice(store, { noticeId, cause: ownCause(), command });
  const { notice } = state;
  const channel = channels[notice.recipient.kind];
  const attempt = await claim(decide, clock(), channel.deadlineMs + leaseSlackMs);
  if (attempt === null) return;
  try {
    // What the administrator asks for goes out, whatever became of it.
    if (!state.isReplayed && !(await isTrue(store, notice))) {
      throw new NoticeFailure('final', 'notice_obsolete', message`The server was well again within a minute`);
    }
    await decide({ type: 'record_delivered', attempt, answer: await channel.send(notice, signal) });
  } catch (error) {
    if (isEngineAway(error)) throw error;
    const { kind, code, words } = failureOf(error);
    await decide({ type: 'record_failure', now: clock(), attempt, kind, cause: { code, words } });
    deps.logger.warn({ noticeId, code, kind }, 'a notice could not be handed over');
  }
};

/** Neither can the failure be recorded then; the notice is attempted again when its claim is over. */
const isEngineAway = (error: unknown): boolean =>
  ['EventStoreUnavailable', 'MessagingUnavailable'].includes(errorName(error) ?? '');

/** Whatever failed counts, so that no notice is attempted for ever. */
const failureOf = (error: unknown): NoticeFailure => {
  if (errorName(error) === 'NoticeFailure') return error as NoticeFailure;
  const words = message`The notice could not be handed over: ${errorMessage(error)}`;
  return new NoticeFailure('transient', 'notice_failed', words, { cause: error });
};

/** The number of the attempt; null when another worker was first. */
const claim = async (
  decide: (command: NoticeCommand) => Promise<{ events: NoticeEvent[] }>,
  now: Date,
  leaseMs: number,
): Promise<number | null> => {
  try {
    const [claimed] = (await decide({ type: 'claim', now, leaseMs })).events;
    return claimed?.type === 'NoticeAttempted' ? claimed.data.attempt : null;
  } catch (error) {
    if (errorName(error) === 'WrongRevision') return null;
    throw error;
  }
};

/** False for a server that is well again. */
const isTrue = async (store: EventStore, { onlyWhile }: NoticeData): Promise<boolean> => {
  if (onlyWhile === undefined) return true;
  const { events } = await store.read<ServerEvent>(streams.server(onlyWhile.serverId));
  const since = events.findIndex(({ id }) => id === onlyWhile.healthEventId);
  return !events
    .slice(since)
    .some((event) => event.type === 'ServerHealthChanged' && event.data.health === 'ok');
};

/** @param options.key the same for a decision taken again after a crash; default: a new one */
export const decideOnNotice = (
  store: EventStore,
  {
    noticeId,
    cause,
    command,
    key = newId(),
  }: { noticeId: string; cause: Cause; command: NoticeCommand; key?: string },
) =>
  handleCommand(store, {
    stream: streams.notice(noticeId),
    decider: noticeDecider,
    command,
    cause,
    eventIds: eventIdsFor(key, noticeId, command.type),
  });
