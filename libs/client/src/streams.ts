import type * as types from './client-types.ts';
import { follow } from './following.ts';
import { finalStatuses } from './operations.ts';
import { addressOf } from './requests.ts';
import type { LogPage, RawEvent, Request, Wire } from './wire-types.ts';

/** A stream is silent for so long only when it is cut: the live feed gives a sign of life every 2 s, logs every 20 s. */
const silenceMs = { feed: 5000, log: 45_000 };

export const logFollower = (wire: Wire, request: Request): types.Client['followLog'] => {
  return (id, options = {}) => {
    const path = `/operations/${encodeURIComponent(id)}/log`;
    return followLines(wire, path, silenceMs.log, options, async (after) => {
      const query = { 'page[after]': after ?? undefined };
      const { data, meta } = await request<LogPage>('GET', path, { query, signal: options.signal });
      const isOver = meta['more'] !== true && finalStatuses.includes(data.status);
      return [
        { name: '', id: after, data: {} },
        ...data.entries.map((entry) => ({ name: 'entry', id: entry.cursor, data: { ...entry } })),
        ...(isOver ? [{ name: 'end', id: after, data: { status: data.status } }] : []),
      ];
    });
  };
};

export const containerLogFollower = (wire: Wire, request: Request): types.Client['followContainerLog'] => {
  return (id, { tail, ...options } = {}) => {
    const path = `/clients/${encodeURIComponent(id)}/logs`;
    return followLines(wire, addressOf(path, { query: { tail } }), silenceMs.log, options, async (after) => {
      const query = after === null ? { tail } : { 'page[after]': after };
      const { data, meta } = await request<RawEvent['data']>('GET', path, { query, signal: options.signal });
      const cursor = (meta['cursor'] as string | null) ?? after;
      return [{ name: 'lines', id: cursor, data: { lines: data['lines'] } }];
    });
  };
};

export const feedFollower = (wire: Wire, request: Request): types.Client['followEvents'] =>
  async function* (options: types.FollowEventsOptions = {}): AsyncGenerator<types.FeedEvent> {
    const { types: wanted, clientId, serverId, signal, timeoutMs } = options;
    const [path, query] = ['/events/stream', { types: wanted, clientId, serverId }];
    let isOpen = false;
    const poll = async (from: string | null): Promise<RawEvent[]> => {
      const after = { ...query, 'page[after]': from ?? undefined };
      const { meta } = await request('GET', path, { query: after, signal, timeoutMs });
      const { cursor, reset, changes } = meta as { cursor: string; reset: string | null; changes: unknown[] };
      return [
        ...(isOpen || reset !== null ? [] : [{ name: 'open', id: from ?? cursor, data: {} }]),
        ...(reset === null ? [] : [{ name: 'reset', id: cursor, data: { reason: reset } }]),
        { name: changes.length === 0 ? '' : 'changes', id: cursor, data: { changes } },
      ];
    };
    for await (const event of follow(wire, addressOf(path, { query }), silenceMs.feed, options, poll)) {
      isOpen = !('since' in event) && (isOpen || event.name === 'open' || event.name === 'reset');
      // What is read because of it shall not be older, whichever gateway answers: what came before the cursor is not told again.
      // After a reset the event store may be another one, that has not come to the position of before for long.
      if ('id' in event) wire.note(at(event).cursor.split('-')[1] ?? null, event.name === 'reset');
      if ('since' in event) yield event;
      else if (['open', 'changes', 'observed', 'reset'].includes(event.name)) {
        yield { ...event.data, ...at(event), name: event.name } as types.FeedEvent;
      }
    }
  };

/** A log, with an event `open` before the first thing that arrives, also after each cut: one that is quiet is told from one that is away. */
async function* followLines<Event>(...followed: Parameters<typeof follow>): AsyncGenerator<Event> {
  let isOpen = false;
  let [, , , { after: cursor = null }] = followed;
  for await (const event of follow(...followed)) {
    if ('id' in event) cursor = event.id ?? cursor;
    // What arrives first is the pause before a reader comes back, which has no cursor of its own.
    if (!isOpen && 'id' in event) yield { cursor: cursor ?? '', name: 'open' } as Event;
    isOpen = 'id' in event;
    if ('since' in event) yield event as Event;
    else if (event.name === 'end' && !('status' in event.data)) return;
    else if (event.name !== '') {
      const told = /^(entry|transfer)$/.test(event.name) ? { [event.name]: event.data } : event.data;
      yield { ...told, ...at(event), name: event.name } as Event;
    }
  }
}

const at = ({ id }: RawEvent): { cursor: string } => ({ cursor: id ?? '' });
