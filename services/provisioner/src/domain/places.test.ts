import { beforeEach, describe, expect, test } from '@jest/globals';
import { newId, reject, streams, type PlacementEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { ownCause } from '@alfa-cloud/operations';
import { sleep } from '@alfa-cloud/service-kit';
import { createPlaces, type CountClients } from './places.ts';

const serverId = newId();
const server = (clients: number) => ({ id: serverId, name: 'one', capacity: { clients } });
const cause = ownCause();
const nobody: CountClients = async () => [];

let store: InMemoryEventStore;
beforeEach(() => {
  store = inMemoryEventStore();
});

const wish = (clients: number, clientId = newId()) => ({
  server: server(clients),
  clientId,
  operationId: newId(),
});
const types = async () =>
  (await store.read<PlacementEvent>(streams.placement(serverId))).events.map(({ type }) => type);

/** A store whose answers take their time, so that its users overtake each other. */
const slow = (given: EventStore): EventStore => {
  const after = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer;
    await sleep(Math.random() * 3);
    return value;
  };
  return {
    read: (...args) => after(given.read(...args)) as never,
    append: (...args) => after(given.append(...args)),
  };
};

describe('places on a server', () => {
  test('are given to as many clients as there is room for, to each once, and can be given back', async () => {
    const places = createPlaces({ store, count: nobody });
    const [a, b, c] = [newId(), newId(), newId()];
    expect(await places.reservePlace(wish(2, a), cause)).toBeNull();
    expect(await places.reservePlace(wish(2, a), cause)).toBeNull();
    expect(await places.reservePlace(wish(2, b), cause)).toBeNull();
    expect(await places.reservePlace(wish(2, c), cause)).toMatchObject({
      code: 'server_full',
      detail: 'Server one has 2 clients, and 2 are its limit',
    });
    await places.freePlace({ serverId, clientId: a }, cause);
    await places.freePlace({ serverId, clientId: a }, cause);
    expect(await places.reservePlace(wish(2, c), cause)).toBeNull();
    expect(await places.clientsOn(serverId, cause)).toEqual(new Set([b, c]));
    // Who has left may come again.
    await places.freePlace({ serverId, clientId: c }, cause);
    expect(await places.reservePlace(wish(2, a), cause)).toBeNull();
    expect((await types()).filter((type) => type === 'PlaceReserved')).toHaveLength(4);
  });

  test('are exact for provisioners that fill the server side by side', async () => {
    const one = createPlaces({ store: slow(store), count: nobody });
    const other = createPlaces({ store: slow(store), count: nobody });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : other).reservePlace(wish(13), cause)),
    );
    expect(answers.filter((answer) => answer === null)).toHaveLength(13);
    expect(answers.filter((answer) => answer?.code === 'server_full')).toHaveLength(27);
    expect((await types()).filter((type) => type === 'PlacesCounted')).toHaveLength(1);
  });

  test('of a client whose append was answered with an error are not given twice', async () => {
    const places = createPlaces({ store, count: nobody });
    await places.openForNew(serverId, cause);
    const first = wish(1);
    store.failNextAppend('after', new Error('lost answer'));
    await expect(places.reservePlace(first, cause)).rejects.toThrow('lost answer');
    expect(await places.reservePlace(first, cause)).toBeNull();
    expect(await places.reservePlace(wish(1), cause)).toMatchObject({ code: 'server_full' });
  });
});

describe('clients that lived there before', () => {
  test('are counted at the position at which the places were opened, once, by whoever is first', async () => {
    const [old, other] = [newId(), newId()];
    const asked: bigint[] = [];
    const count: CountClients = async (_serverId, from) => {
      asked.push(from);
      return [old, other];
    };
    const places = createPlaces({ store, count });
    expect(await places.knownOn(serverId)).toBeNull();
    expect(await places.reservePlace(wish(2), cause)).toMatchObject({ code: 'server_full' });
    const second = createPlaces({ store, count: async () => [] });
    expect(await second.reservePlace(wish(2), cause)).toMatchObject({ code: 'server_full' });
    expect(await second.knownOn(serverId)).toEqual(new Set([old, other]));
    const [opened] = store.all();
    expect(asked).toEqual([opened?.position]);
    expect(await types()).toEqual(['PlacesOpened', 'PlacesCounted']);
  });

  test('who leave while they are counted have no place afterwards', async () => {
    const [stays, leaves] = [newId(), newId()];
    const leaver = createPlaces({ store, count: nobody });
    const places = createPlaces({
      store,
      async count() {
        await leaver.freePlace({ serverId, clientId: leaves }, cause);
        await leaver.freePlace({ serverId, clientId: leaves }, cause);
        return [stays, leaves];
      },
    });
    expect(await places.clientsOn(serverId, cause)).toEqual(new Set([stays]));
    expect(await types()).toEqual(['PlacesOpened', 'PlaceFreed', 'PlacesCounted']);
  });

  test('who leave before are nobody, and nothing is written', async () => {
    await createPlaces({ store, count: nobody }).freePlace({ serverId, clientId: newId() }, cause);
    expect(await types()).toEqual([]);
  });

  test('and can not be counted now: nobody is let in', async () => {
    const count: CountClients = async () => {
      throw reject('unavailable', 'not now');
    };
    await expect(createPlaces({ store, count }).reservePlace(wish(2), cause)).rejects.toThrow('not now');
    expect(await createPlaces({ store, count: nobody }).reservePlace(wish(2), cause)).toBeNull();
  });
});

describe('a server that is removed', () => {
  test('lets nobody in any more, and again when it stays after all', async () => {
    const places = createPlaces({ store, count: nobody });
    const other = createPlaces({ store, count: nobody });
    const one = wish(5);
    await other.reservePlace(one, cause);
    expect(await places.close(serverId, cause)).toBe(1);
    expect(await other.reservePlace(wish(5), cause)).toBeNull();
    for (const clientId of await places.clientsOn(serverId, cause)) {
      await other.freePlace({ serverId, clientId }, cause);
    }
    expect(await places.close(serverId, cause)).toBe(0);
    expect(await places.close(serverId, cause)).toBe(0);
    expect(await other.reservePlace(wish(5), cause)).toMatchObject({ code: 'server_unknown' });
    await places.reopen(serverId, cause);
    expect(await other.reservePlace(wish(5), cause)).toBeNull();
  });
});

describe('a stream with many changes', () => {
  /** Counts the events that are read. */
  const counting = (): { store: EventStore; read: () => number } => {
    let read = 0;
    return {
      read: () => read,
      store: {
        append: (...args) => store.append(...args),
        async read(stream, options) {
          const result = await store.read(stream, options);
          read += result.events.length;
          return result as never;
        },
      },
    };
  };

  test('is read once: later decisions read what is new, whoever has written it', async () => {
    const { store: counted, read } = counting();
    const places = createPlaces({ store: counted, count: nobody });
    const other = createPlaces({ store, count: nobody });
    for (let index = 0; index < 200; index += 1) await other.reservePlace(wish(1000), cause);
    await places.reservePlace(wish(1000), cause);
    expect(read()).toBe(202);
    await other.reservePlace(wish(1000), cause);
    for (let index = 0; index < 10; index += 1) await places.reservePlace(wish(1000), cause);
    // What a process has written itself it has not to read.
    expect(read()).toBe(203);
    expect((await places.clientsOn(serverId, cause)).size).toBe(212);
  });

  test('of another event store is read anew, after one refusal', async () => {
    const former = inMemoryEventStore();
    let current: EventStore = former;
    const places = createPlaces({
      store: {
        append: (...args) => current.append(...args),
        read: (...args) => current.read(...args),
      },
      count: nobody,
    });
    for (let index = 0; index < 3; index += 1) await places.reservePlace(wish(10), cause);
    current = store;
    const late = wish(10);
    await expect(places.reservePlace(late, cause)).rejects.toThrow('not counted yet');
    expect(await places.reservePlace(late, cause)).toBeNull();
    expect(await places.clientsOn(serverId, cause)).toEqual(new Set([late.clientId]));
  });
});
