import { subjects } from '@alfa-cloud/contracts';
import { createVault } from '@alfa-cloud/secrets';
import { inMemoryKeyStore } from '@alfa-cloud/secrets/testing';
import { eventually } from '@alfa-cloud/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyFile, open, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { dumpFile } from '../src/testing/dump.ts';
import { actionKinds, actionStory } from '../src/testing/action-stories.ts';
import { clientIdOf, clientOperationIdOf, serverStory } from '../src/testing/stories.ts';
import { clientStream, createWorld, live, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.append(serverStory('one'));
});
afterAll(() => world.close());

/** Runs a projector, and stops it whatever happens. */
const running = async <T>(projector: ReturnType<World['projector']>, act: () => Promise<T>): Promise<T> => {
  await projector.start();
  try {
    return await act();
  } finally {
    await projector.stop();
  }
};

const rowsAfterRun = async () => {
  const projector = world.projector();
  await running(projector, () => live(projector));
  return dumpFile(world.file);
};

test('events written are there for a query that carries their position, and the feed is nudged', async () => {
  const projector = world.projector();
  await running(projector, async () => {
    await live(projector);
    const operationId = clientOperationIdOf('first');
    const nudges: unknown[] = [];
    const stopListening = world.messaging.feed.subscribe(subjects.operationChanged(operationId), (message) =>
      nudges.push(message),
    );
    const position = await world.append(
      await world.client({ slug: 'first', server: 'one' }, { name: 'Первая', email: 'x@first.test' }),
    );
    const { result, stale } = await world.ask('GetClient', { id: clientIdOf('first') }, position);
    expect(stale).toBe(false);
    expect(result).toMatchObject({
      name: 'Первая',
      email: 'x@first.test',
      status: 'active',
      cloud: 'http://first.one.example.test:8080',
      server: { status: 'ready', clientCount: 1 },
    });
    const log = await world.ask('GetCreateLog', { clientId: clientIdOf('first'), after: null });
    expect(log.result).toMatchObject({ completed: 'ok', more: false });
    await eventually('the last nudge', () =>
      nudges.some((nudge) => (nudge as { position: string }).position === position),
    );
    stopListening();
    const found = await world.ask('ListClients', {
      page: { number: 1, size: 10 },
      sort: [],
      filter: { search: 'первая' },
      includeServers: true,
    });
    expect(found.result).toMatchObject({ total: 1, items: [{ slug: 'first' }], servers: [{ name: 'one' }] });
  });
});

test('a position that does not come is answered as stale, and what is missing then is not called absent', async () => {
  const projector = world.projector();
  await running(projector, async () => {
    await live(projector);
    const never = '9000000000000000';
    const [known, unknown] = await Promise.allSettled([
      world.ask('ListServers', { active: 'all' }, never),
      world.ask('GetServer', { id: 'x' }, never),
    ]);
    expect(known).toMatchObject({ status: 'fulfilled', value: { stale: true } });
    expect(unknown).toMatchObject({ reason: { faults: [{ code: 'unavailable' }] } });
    await expect(world.ask('GetServer', { id: 'x' })).rejects.toMatchObject({
      faults: [{ code: 'not_found' }],
    });
  });
});

test('availability observed is shown and can be filtered by', async () => {
  await world.append(await world.client({ slug: 'observed', server: 'one' }));
  const projector = world.projector();
  await running(projector, async () => {
    await live(projector);
    const checkedAt = new Date().toISOString();
    const clients = [{ id: clientIdOf('observed'), available: false }];
    world.messaging.feed.publish(subjects.availability, { serverId: 's', checkedAt, clients });
    const list = {
      page: { number: 1, size: 10 },
      sort: [],
      filter: { available: false },
      includeServers: false,
    };
    await eventually(
      'the observation',
      async () => (await world.ask('ListClients', list)).result.total === 1,
    );
    const { result } = await world.ask('GetClient', { id: clientIdOf('observed') });
    expect(result).toMatchObject({ available: false, availableCheckedAt: checkedAt });
  });
});

test('read models that were deleted, are of another version or are damaged come back the same, row by row', async () => {
  for (const [slug, ending] of [
    ['good', 'ok'],
    ['bad', 'error'],
    ['cancelled', 'cancelled'],
    ['pending', 'open'],
  ] as const) {
    await world.append(await world.client({ slug, server: 'one', ending }));
  }
  for (const [number, kind] of actionKinds.entries()) {
    await world.append(actionStory('good', number, { kind, ending: number % 3 === 2 ? 'error' : 'ok' }));
  }
  const before = await rowsAfterRun();
  expect(before.clients.length).toBeGreaterThanOrEqual(4);
  expect(before.history.length).toBeGreaterThan(20);
  expect(before.expire_date_changes).toHaveLength(1);
  expect(before.operation_log.length).toBeGreaterThan(50);

  await rm(world.file);
  expect(await rowsAfterRun()).toEqual(before);

  const database = new DatabaseSync(world.file);
  database.exec('PRAGMA user_version = 999; DELETE FROM clients');
  database.close();
  expect(await rowsAfterRun()).toEqual(before);
  expect(world.logged.join('')).toContain('schema version 999');

  await writeFile(world.file, 'this is not a database '.repeat(1000));
  expect(await rowsAfterRun()).toEqual(before);
  expect(world.logged.join('')).toContain('damaged');
});

test('damage that shows only when a query meets it: the read models are built anew', async () => {
  const before = await rowsAfterRun();
  const database = new DatabaseSync(world.file);
  const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'servers'").get()?.[
    'rootpage'
  ];
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  database.close();
  const file = await open(world.file, 'r+');
  await file.write(Buffer.alloc(pageSize, 0x5a), 0, pageSize, (Number(root) - 1) * pageSize);
  await file.close();
  const projector = world.projector();
  await running(projector, async () => {
    await eventually(
      'an answer',
      async () => (await world.ask('ListServers', { active: 'all' })).result.items[0],
    );
    await live(projector);
  });
  expect(dumpFile(world.file)).toEqual(before);
});

test('a projector that was stopped goes on where it was, and begins anew with another event store', async () => {
  const before = await rowsAfterRun();
  await copyFile(world.file, `${world.file}.copy`);
  await world.append(await world.client({ slug: 'later', server: 'one' }));
  const after = await rowsAfterRun();
  expect(after.clients).toHaveLength(before.clients.length + 1);
  await rm(world.file);
  expect(await rowsAfterRun()).toEqual(after);

  const foreign = new DatabaseSync(world.file);
  foreign.exec("UPDATE checkpoint SET event_id = 'of another event store'; DELETE FROM clients");
  foreign.close();
  expect(await rowsAfterRun()).toEqual(after);
  expect(world.logged.join('')).toContain('another event store');
});

test('a vault out of reach holds the projection up and never makes data look destroyed', async () => {
  await world.append(await world.client({ slug: 'sealed', server: 'one' }, { name: 'Sealed' }));
  await world.append(await world.client({ slug: 'forgotten', server: 'one' }, { name: 'Forgotten' }));
  await world.vault.destroyKey(`client.${clientIdOf('forgotten')}`);
  await rm(world.file, { force: true });
  let reachable = false;
  const vault = {
    open: async (sealed: string) => {
      if (!reachable) throw new Error('NATS does not answer');
      return world.vault.open(sealed);
    },
  };
  const projector = world.projector({ vault });
  await running(projector, async () => {
    await eventually('the trouble to show', () =>
      projector.checks['projection']?.().then(
        () => false,
        (error: Error) => error.message === 'NATS does not answer',
      ),
    );
    await expect(world.ask('GetClient', { id: clientIdOf('sealed') })).rejects.toMatchObject({
      faults: [{ code: 'unavailable' }],
    });
    reachable = true;
    await live(projector);
    expect((await world.ask('GetClient', { id: clientIdOf('sealed') })).result.name).toBe('Sealed');
    expect((await world.ask('GetClient', { id: clientIdOf('forgotten') })).result).toMatchObject({
      name: null,
      email: null,
      ownerLogin: null,
      notes: null,
    });
  });
});

test('what does not open and never will is shown as null, named in the log, and holds nothing up', async () => {
  const slugs = ['made-under-the-wrong-key', 'sealed-by-a-former-key', 'no-seal-at-all', 'sound'];
  const [wrongKey, formerKey, noSeal, sound] = await Promise.all(
    slugs.map((slug) => world.client({ slug, server: 'one' }, { name: slug })),
  );
  const wrongScope = `client.${clientIdOf('made-under-the-wrong-key')}` as const;
  const formerScope = `client.${clientIdOf('sealed-by-a-former-key')}` as const;
  await world.vault.destroyKey(formerScope);
  await world.vault.ensureKey(formerScope);
  for (const story of [wrongKey, formerKey, sound]) await world.append(story ?? []);
  await world.append(
    (noSeal ?? []).map(({ stream, event }) =>
      event.type === 'ClientCreationRequested'
        ? {
            stream,
            event: {
              ...event,
              data: { ...event.data, personal: `v1.client.${clientIdOf('no-seal-at-all')}.AAAA` },
            },
          }
        : { stream, event },
    ),
  );
  const masterKey = new Uint8Array(32).fill(9);
  const keys = inMemoryKeyStore();
  const otherVault = createVault({ masterKey, keys });
  await otherVault.ensureKey(wrongScope);
  const foreignScopes: string[] = [];
  const rightVault = createVault({
    masterKey: new Uint8Array(32).fill(7),
    keys,
    onLostKey: (scope) => void foreignScopes.push(scope),
  });
  const vault = {
    open: (text: string) => (text.includes(wrongScope) ? rightVault : world.vault).open(text),
  };
  await rm(world.file, { force: true });
  const projector = world.projector({ vault });
  await running(projector, async () => {
    await live(projector);
    const names = slugs.map(
      async (slug) => (await world.ask('GetClient', { id: clientIdOf(slug) })).result.name,
    );
    expect(await Promise.all(names)).toEqual([null, null, null, 'sound']);
  });
  expect(foreignScopes).toEqual([wrongScope]);
  const errors = world.logged.filter((line) => line.includes('Personal data can not be read'));
  expect(errors.some((line) => line.includes(clientStream('sealed-by-a-former-key')))).toBe(true);
  expect(errors.some((line) => line.includes(clientStream('no-seal-at-all')))).toBe(true);
});

test('of two replicas the one that lags says so, and tells with each answer how far it has come', async () => {
  let lags = false;
  const vault = {
    open: async (sealed: string) => {
      if (lags) throw new Error('NATS does not answer');
      return world.vault.open(sealed);
    },
  };
  const [leading, lagging] = [
    world.projector(),
    world.projector({ vault, file: `${world.directory}/lagging.sqlite` }),
  ];
  await running(leading, () =>
    running(lagging, async () => {
      await Promise.all([live(leading), live(lagging)]);
      lags = true;
      const written = await world.append(await world.client({ slug: 'newest', server: 'one' }));
      const answers = [];
      for (let index = 0; index < 40; index += 1) {
        let told = '';
        const { stale } = await world.messaging.queries.ask(
          'ListServers',
          { active: 'all' },
          { minPosition: written, positionWaitMs: 20, onPosition: (position) => (told = position) },
        );
        answers.push({ stale, isThere: BigInt(told) >= BigInt(written) });
      }
      expect(answers.every(({ stale, isThere }) => stale !== isThere)).toBe(true);
      expect(new Set(answers.map(({ stale }) => stale))).toEqual(new Set([true, false]));
      lags = false;
    }),
  );
});

test('the history of a client is read by its new events at once, and still when its key is destroyed', async () => {
  const clientId = clientIdOf('kept');
  await world.append(await world.client({ slug: 'kept', server: 'one' }, { name: 'Kept Laboratory' }));
  const ask = async (position?: string) => {
    const page = { number: 1, size: 100 };
    const filter = { targetType: 'client', targetId: clientId } as const;
    const history = await world.ask('ListHistory', { page, filter, events: 'all' }, position);
    const changes = await world.ask('ListExpireDateChanges', { clientId, page }, position);
    return { history: history.result, changes: changes.result };
  };
  let before: Awaited<ReturnType<typeof ask>>;
  const projector = world.projector();
  await running(projector, async () => {
    await live(projector);
    await world.append(actionStory('kept', 0, { kind: 'client.set_owner_password' }));
    const position = await world.append(actionStory('kept', 1, { kind: 'client.apply_expiry' }));
    before = await ask(position);
    expect(before.history.items.map(({ kind }) => kind)).toEqual([
      'ClientExpireDateChanged',
      'ClientOperationEnded',
      'ClientOwnerPasswordChanged',
      'ClientOperationBegun',
      'ClientCreated',
      'ClientCreationRequested',
    ]);
    expect(before.changes).toMatchObject({
      total: 1,
      items: [{ reason: 'Paid for a year', actor: 'admin' }],
    });
    expect(JSON.stringify(before)).not.toMatch(/Kept|v1\./);
  });
  await world.vault.destroyKey(`client.${clientId}`);
  await rm(world.file);
  const rebuilt = world.projector();
  await running(rebuilt, async () => {
    await live(rebuilt);
    expect(await ask()).toEqual(before);
    expect((await world.ask('GetClient', { id: clientId })).result.name).toBeNull();
  });
});

test('an event store that was killed: old answers meanwhile, new ones when it is back', async () => {
  const projector = world.projector();
  await running(projector, async () => {
    await live(projector);
    await world.eventStoreProcess.kill();
    await eventually('the loss to be noticed', () =>
      projector.checks['projection']?.().then(
        () => false,
        () => true,
      ),
    );
    expect((await world.ask('ListServers', { active: 'all' })).result.items).toHaveLength(1);
    await world.eventStoreProcess.start();
    const position = await world.append(await world.client({ slug: 'after-the-kill', server: 'one' }));
    const { result } = await world.ask('GetClient', { id: clientIdOf('after-the-kill') }, position);
    expect(result.status).toBe('active');
    await live(projector);
  });
});
