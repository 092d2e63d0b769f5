import { isRejection, message } from '@alfa-cloud/contracts';
import type { ServerResponse } from 'node:http';
import type { Resource } from '../http/document.ts';
import { endMark, openEventStream, type StreamSlots } from '../http/event-stream.ts';
import { refuse } from '../http/problems.ts';
import type { Answer, ApiRequest } from '../http/route.ts';
import { isPassing, watchSubject, type Nudges } from '../operations/operation-watch.ts';
import type { RouteServices } from '../services.ts';

/** Longest time between two reads of the view: some of it changes without a notification, ms. */
const lookAgainMs = 15_000;
/** Looks that may fail one after the other before the stream ends; its reader then comes back. */
const failuresMax = 12;

/** One view that is told as server-sent events whenever it has changed. */
export interface ViewStream<View> {
  /** Name of its events. */
  name: string;
  /** Subject of the nudges that it may have changed. */
  subject: string;
  slots: StreamSlots;
  read(signal: AbortSignal): Promise<View>;
  present(view: View): Resource;
  /** What of it is news when it differs. */
  changing(view: View): string;
}

/**
 * Answers with a stream of the view, at once and whenever it has changed, until what it shows is removed. Each event carries the whole resource, so a
 * reader that comes back has missed nothing.
 * @throws what the first read throws, answered as such; refuses with `busy` when too many streams are open
 */
export const answerWithStream = async <View>(
  { feed }: Pick<RouteServices, 'feed'>,
  request: ApiRequest<unknown>,
  view: ViewStream<View>,
): Promise<Answer> => {
  // The end was seen: 204 is how an EventSource is told not to come back.
  if (request.lastEventId?.endsWith(endMark) === true) return { status: 204 };
  const free = view.slots.take();
  if (free === null) throw refuse('busy', message`Too many streams of servers are open`);
  // Subscribed before the first read, so that no change is missed.
  const nudges = watchSubject(feed, view.subject);
  let first: View;
  try {
    first = await view.read(request.signal);
  } catch (error) {
    free();
    nudges.stop();
    throw error;
  }
  return {
    async stream(response) {
      try {
        await streamView(view, { first, nudges, response, signal: request.signal });
      } finally {
        free();
      }
    },
  };
};

const streamView = async <View>(
  view: ViewStream<View>,
  {
    first,
    nudges,
    response,
    signal,
  }: { first: View; nudges: Nudges; response: ServerResponse; signal: AbortSignal },
): Promise<void> => {
  try {
    const events = await openEventStream(response, signal);
    let seen: { value: View } | null = { value: first };
    let shown = '';
    let number = 0;
    for (let failures = 0; ;) {
      if (seen !== null && view.changing(seen.value) !== shown) {
        shown = view.changing(seen.value);
        number += 1;
        await events.send({ name: view.name, id: String(number), data: view.present(seen.value) });
      }
      await nudges.next(lookAgainMs, signal);
      await events.keepAlive();
      try {
        seen = { value: await view.read(signal) };
        failures = 0;
      } catch (error) {
        if (isGone(error)) {
          await events.send({ name: 'end', id: `${number}${endMark}`, data: {} });
          return;
        }
        failures += 1;
        if (!isPassing(error) || failures >= failuresMax) throw error;
        seen = null;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    nudges.stop();
    response.end();
  }
};

const isGone = (error: unknown): boolean =>
  isRejection(error) && error.faults.every(({ code }) => code === 'gone' || code === 'not_found');
