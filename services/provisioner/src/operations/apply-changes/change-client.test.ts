import { afterEach, describe, expect, test } from '@jest/globals';
import type { FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, stopRigs } from '../../../test/rig.ts';
import { isUnhealthy, withClient } from '../../../test/watched-client.ts';
import { inventory } from '../../resources/inventory.ts';
import { causeOf } from '@alfa-cloud/operations';
import { holderOf, reserve } from '../../domain/reservations.ts';

afterEach(stopRigs);

describe('a change of attributes', () => {
  test('of limits replaces the container by one that has them', async () => {
    const { cloud, clientId, succeed, container, typesOf, seen, world } = await withClient();
    const command = commandOf('ChangeClient', { clientId, limits: { memoryMb: 333 } });
    expect(await succeed(command)).toMatchObject({ replaced: true });
    expect(container()?.spec.limits).toEqual({ memoryMb: 333, cpus: 1, pids: 64 });
    expect(await typesOf(command)).toEqual([
      'ClientOperationBegun',
      'ClientChanged',
      'ClientContainerReplaced',
      'ClientOperationEnded',
    ]);
    expect([...seen]).toEqual([200]);
    expect(await inventory(cloud)).toEqual(world);
  });

  test('of the name reaches the variables of the application, and no event in clear', async () => {
    const { rig, cloud, clientId, succeed, container } = await withClient();
    const name = 'Лаборатория «Новая»';
    const personal = await rig.vault.seal('transport', JSON.stringify({ name }));
    await succeed(commandOf('ChangeClient', { clientId, personal }));
    expect(container()?.spec.env['APP_NAME']).toBe(name);
    expect(cloud.disk.files.get('clients/first/client.env')?.content).toContain(`APP_NAME=${name}\n`);
    expect(
      JSON.stringify(rig.store.all(), (_key, value: unknown) => (typeof value === 'bigint' ? null : value)),
    ).not.toContain(name);
  });

  test('that the server need not know of works at once, also beside an operation', async () => {
    let change = async () => {};
    const { rig, clientId, events, succeed } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'restart' && phase === 'started' ? change() : undefined,
      },
    );
    const personal = await rig.vault.seal('transport', JSON.stringify({ notes: 'calls on Mondays' }));
    const command = commandOf('ChangeClient', { clientId, personal });
    let reply: unknown;
    change = async () => {
      ({ reply } = await rig.send(command));
    };
    await succeed(commandOf('RebootClient', { clientId }));
    expect(reply).toMatchObject({ outcome: 'accepted', ids: { clientId } });
    expect(reply).not.toHaveProperty('ids.operationId');
    const changes = async () => (await events()).filter(({ type }) => type === 'ClientChanged');
    expect(await changes()).toMatchObject([{ data: { operationId: null, personalChanged: ['notes'] } }]);
    await rig.send(command);
    await rig.send(commandOf('ChangeClient', { clientId, personal }));
    expect(await changes()).toHaveLength(1);
  });

  test('is refused while an operation runs if the server must know of it', async () => {
    let change = async () => {};
    const { rig, clientId, succeed } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'restart' && phase === 'started' ? change() : undefined,
      },
    );
    let reply: unknown;
    change = async () => {
      ({ reply } = await rig.send(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] })));
    };
    await succeed(commandOf('RebootClient', { clientId }));
    expect(reply).toMatchObject({ outcome: 'rejected', faults: [{ code: 'operation_in_progress' }] });
    expect(await holderOf(rig.store, { scope: 'host', name: 'lab.example' })).toBe(null);
  });

  test('that fails stays recorded and leaves the old container serving', async () => {
    const { clientId, fail, container, events, seen } = await withClient(isUnhealthy);
    const before = { ...container() };
    const { cause } = await fail(commandOf('ChangeClient', { clientId, limits: { pids: 99 } }));
    expect(cause.code).toBe('rolled_back');
    expect(container()).toEqual(before);
    expect([...seen]).toEqual([200]);
    expect((await events()).map(({ type }) => type)).toContain('ClientChanged');
  });
});

describe('further host names', () => {
  const look = (cloud: FakeLaboratory, name: string) => cloud.get({ port: 8080, host: name, path: '/' });

  test('answer as the client, without another container, until they are taken away', async () => {
    const { rig, cloud, clientId, succeed, container } = await withClient();
    const before = { ...container() };
    const aliases = ['lab.example', 'www.lab.example'];
    const result = await succeed(commandOf('ChangeClient', { clientId, aliases }));
    expect(result).toMatchObject({ replaced: false });
    for (const name of aliases) {
      expect(await look(cloud, name)).toMatchObject({ status: 200, headers: { 'x-alfa-client': 'first' } });
    }
    expect(container()).toEqual(before);
    await succeed(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] }));
    expect((await look(cloud, 'www.lab.example')).status).toBe(404);
    const holders = aliases.map((name) => holderOf(rig.store, { scope: 'host', name }));
    expect(await Promise.all(holders)).toEqual([clientId, null]);
  });

  test('are free for others after a deletion, also those that no change has taken from the proxy', async () => {
    let isIll = false;
    const { rig, clientId, fail, succeed } = await withClient({
      health: (name) => (isIll && name === 'alfa-first.next' ? 500 : 200),
    });
    await succeed(commandOf('ChangeClient', { clientId, aliases: ['old.example'] }));
    isIll = true;
    const change = { clientId, aliases: ['new.example'], limits: { pids: 99 } };
    await fail(commandOf('ChangeClient', change));
    await succeed(commandOf('DeleteClient', { clientId, confirm: 'first', withoutBackup: true }));
    for (const name of ['old.example', 'new.example']) {
      expect(await holderOf(rig.store, { scope: 'host', name })).toBe(null);
    }
  });

  test('that two changes ask for at the same time stay with the client whose other change is refused', async () => {
    const { rig, clientId, endOf } = await withClient();
    const commands = [64, 65].map((pids) =>
      commandOf('ChangeClient', { clientId, limits: { pids }, aliases: ['lab.example', `p${pids}.example`] }),
    );
    const replies = await Promise.all(commands.map((command) => rig.send(command)));
    expect(new Set(replies.map(({ reply }) => reply?.outcome))).toEqual(new Set(['accepted', 'rejected']));
    const ends = await Promise.all(commands.map(endOf));
    expect(ends.map((end) => end?.type)).toContain('OperationSucceeded');
    const holder = (name: string) => holderOf(rig.store, { scope: 'host', name });
    expect(await holder('lab.example')).toBe(clientId);
    const others = [await holder('p64.example'), await holder('p65.example')];
    expect(new Set(others)).toEqual(new Set([clientId, null]));
  });

  test('below localhost are for clients of a server there alone', async () => {
    const onMachine = await withClient({}, { registration: { domain: 'lab.localhost' } });
    await onMachine.succeed(
      commandOf('ChangeClient', { clientId: onMachine.clientId, aliases: ['my.localhost'] }),
    );
    const { rig, clientId, refusal } = await withClient();
    const wanted = ['new.example', 'my.localhost'];
    expect(await refusal(commandOf('ChangeClient', { clientId, aliases: wanted }))).toMatchObject([
      { code: 'validation_failed', pointer: '/data/attributes/aliases/1' },
    ]);
    expect(await holderOf(rig.store, { scope: 'host', name: 'new.example' })).toBe(null);
  });

  test('that an earlier version took stay, and do not keep others from coming', async () => {
    const { rig, clientId, succeed } = await withClient({}, { registration: { domain: 'lab.localhost' } });
    await succeed(commandOf('ChangeClient', { clientId, aliases: ['old.localhost'] }));
    const aliases = ['old.localhost', 'new.example'];
    await succeed(commandOf('ChangeClient', { clientId, aliases }));
    const holders = aliases.map((name) => holderOf(rig.store, { scope: 'host', name }));
    expect(await Promise.all(holders)).toEqual([clientId, clientId]);
  });

  test('are told in the script of their reader', async () => {
    const { rig, clientId, serverId, refusal, succeed } = await withClient();
    const aliases = ['xn--80aac3alubocs0m.xn--p1ai'];
    await succeed(commandOf('ChangeClient', { clientId, aliases }));
    const second = await rig.creation(serverId, { slug: 'second' });
    await rig.send(second);
    expect(
      await refusal(commandOf('ChangeClient', { clientId: second.data.clientId, aliases })),
    ).toMatchObject([{ detail: '"лаборатория.рф" belongs to another client' }]);
  });

  test("are nobody else's address, also where the alias was there before the domain of a server", async () => {
    const { rig, clientId, serverId, refusal } = await withClient();
    const alias = { scope: 'host', name: 'third.lab.test', holderId: clientId } as const;
    await reserve(rig.store, alias, causeOf(commandOf('ChangeClient', { clientId })));
    expect(await refusal(await rig.creation(serverId, { slug: 'third' }))).toMatchObject([
      {
        code: 'alias_taken',
        pointer: '/data/attributes/slug',
        detail: expect.stringContaining('third.lab.test'),
      },
    ]);
    expect(await refusal(await rig.creation(serverId, { slug: 'fourth' }))).toBe('accepted');
  });

  test('belong to one client alone, and lie in no server of ours', async () => {
    const { rig, clientId, serverId, refusal, succeed } = await withClient();
    await succeed(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] }));
    const second = await rig.creation(serverId, { slug: 'second' });
    await rig.send(second);
    const wanted = ['new.example', 'lab.example', 'other.lab.test', 'lab.test'];
    const pointerOf = (index: number) => `/data/attributes/aliases/${index}`;
    expect(
      await refusal(commandOf('ChangeClient', { clientId: second.data.clientId, aliases: wanted })),
    ).toMatchObject([1, 2, 3].map((index) => ({ code: 'alias_taken', pointer: pointerOf(index) })));
    expect(await holderOf(rig.store, { scope: 'host', name: 'new.example' })).toBe(null);
    expect(await holderOf(rig.store, { scope: 'host', name: 'lab.example' })).toBe(clientId);
  });
});
