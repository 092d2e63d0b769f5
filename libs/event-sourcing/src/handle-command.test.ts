import { deriveId, reject, streams, type ReservationEvent } from '@alfa-cloud/contracts';
import { describe, expect, test } from '@jest/globals';
import { deciderSpec } from './decider-spec.ts';
import type { Decider } from './decider.ts';
import { eventIdsFor } from './event-ids.ts';
import type { Cause, EventStore } from './event-store.ts';
import { handleCommand } from './handle-command.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';

const commandId = deriveId('rig', 'command');
const operationId = deriveId(commandId, 'operation');
const serverId = deriveId(commandId, 'server');
const cause: Cause = { commandId, correlationId: 'rig', causationId: commandId, actor: 'tester' };

const data = (holderId: string) => ({ scope: 'slug', name: 'lab', holderId });
const reserved = (holderId: string): ReservationEvent => ({ type: 'NameReserved', data: data(holderId) });
const released = (holderId: string): ReservationEvent => ({ type: 'NameReleased', data: data(holderId) });

/** Who holds a name; the command is whom to give it to. */
const reservation: Decider<string | null, string, ReservationEvent> = {
  initialState: () => null,
  evolve: (_, event) => (event.type === 'NameReserved' ? event.data.holderId : null),
  decide: (holderId, holder) => {
    if (holder === null) return [reserved(holderId)];
    if (holder === holderId) return [];
    throw reject('slug_taken', 'The slug lab is taken');
  },
};

const stream = streams.reservation('slug', 'lab');
const reserve = (store: EventStore, holderId: string, id = commandId) =>
  handleCommand(store, {
    stream,
    decider: reservation,
    command: holderId,
    cause: { ...cause, commandId: id },
    eventIds: eventIdsFor(id, 'reserve'),
  });

describe('a decider, by example', () => {
  test('decides', () => {
    deciderSpec(reservation).given().when(serverId).expect(reserved(serverId));
    deciderSpec(reservation).given(reserved(serverId)).when(serverId).expect();
    deciderSpec(reservation).given(reserved(operationId)).when(serverId).rejects('slug_taken');
    deciderSpec(reservation)
      .given(reserved(operationId), released(operationId))
      .when(serverId)
      .expect(reserved(serverId));
  });

  test('that decides otherwise than expected is found out', () => {
    const when = deciderSpec(reservation).given().when(serverId);
    expect(() => when.expect()).toThrow(/deep-equal|strictly/);
    expect(() => when.rejects('slug_taken')).toThrow('Expected a rejection');
  });
});

describe('a command', () => {
  test('is decided and appended', async () => {
    const store = inMemoryEventStore();
    expect(await reserve(store, serverId)).toEqual({
      state: serverId,
      events: [reserved(serverId)],
      position: 100n,
      revision: 0n,
    });
    expect(store.all()).toMatchObject([
      { ...reserved(serverId), stream, metadata: { ...cause, schemaVersion: 1 } },
    ]);
  });

  test('handled again answers what it brought about, whatever happened since', async () => {
    const store = inMemoryEventStore();
    await reserve(store, serverId);
    const release = [{ id: operationId, event: released(serverId) }];
    await store.append(stream, release, { expectedRevision: 0n, cause });
    const again = await reserve(store, serverId);
    expect(again).toMatchObject({ events: [reserved(serverId)], state: null, position: 200n, revision: 1n });
    expect(store.all()).toHaveLength(2);
  });

  test('whose answer got lost is not appended twice', async () => {
    const store = inMemoryEventStore();
    store.failNextAppend('after', new Error('lost'));
    await expect(reserve(store, serverId)).rejects.toThrow('lost');
    expect((await reserve(store, serverId)).events).toMatchObject([reserved(serverId)]);
    expect(store.all()).toHaveLength(1);
  });

  test('out of twenty at once, one wins and the others are refused', async () => {
    const store = inMemoryEventStore();
    const all = Array.from({ length: 20 }, (_, index) => index);
    const outcomes = await Promise.allSettled(
      all.map((index) => reserve(store, eventIdsFor('holder')(index), `command ${index}`)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { name: string }).name : null,
    );
    expect(new Set(codes)).toEqual(new Set([null, 'Rejection']));
  });

  test('that never gets through gives up', async () => {
    const store = inMemoryEventStore();
    let reads = 0;
    const contended: EventStore = {
      read: async (name, options) => {
        reads += 1;
        return store.read(name, options);
      },
      append: (name, events, options) => store.append(name, events, { ...options, expectedRevision: 7n }),
    };
    await expect(reserve(contended, serverId)).rejects.toMatchObject({ name: 'WrongRevision' });
    expect(reads).toBe(6);
  });

  test('with an event that does not conform to its schema writes nothing', async () => {
    const store = inMemoryEventStore();
    await expect(reserve(store, 'not an id')).rejects.toThrow('does not conform');
    expect(store.all()).toEqual([]);
  });
});
