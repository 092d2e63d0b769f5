import { DeadlineExceeded } from '@alfa-cloud/service-kit';
import type { ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import { errorType } from './transient-errors.ts';

/**
 * All that a read answers; nothing for a stream that does not exist.
 * The protocol gives reads no deadline, so one ends here after `silenceMs` without an event.
 */
export const readToEnd = <Event extends ResolvedEvent>(
  reading: StreamingRead<Event>,
  silenceMs: number,
): Promise<Event[]> =>
  new Promise((resolve, reject) => {
    const events: Event[] = [];
    const giveUp = () => {
      reject(new DeadlineExceeded('read', silenceMs));
      // The read has failed already; an error of its cancellation adds nothing.
      reading.cancel().catch(() => undefined);
    };
    const timer = setTimeout(giveUp, silenceMs);
    reading.on('data', (event: Event) => {
      events.push(event);
      timer.refresh();
    });
    reading.on('end', () => {
      clearTimeout(timer);
      resolve(events);
    });
    reading.on('error', (error) => {
      clearTimeout(timer);
      if (errorType(error) === 'stream-not-found') resolve([]);
      else reject(error);
    });
  });
