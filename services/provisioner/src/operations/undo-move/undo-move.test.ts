import { afterEach, describe, expect, test } from '@jest/globals';
import type { Command, CommandData, CommandName } from '@alfa-cloud/contracts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers, type TwoServers } from '../../../test/moving-servers.ts';
import { loadClient } from '../../domain/load.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const active = async ({ rig, clientId }: TwoServers) => {
  const { state } = await loadClient(rig.store, clientId);
  if (state.status !== 'active') throw new Error(`The client is ${state.status}`);
  return state;
};

const moved = async () => {
  const servers = await twoServers();
  const command = servers.move();
  await servers.rig.succeed(command);
  return { ...servers, servers, command };
};

const faultsOf = async <Name extends CommandName>(
  { rig }: TwoServers,
  command: Command<CommandData<Name>, Name>,
) => {
  const { reply } = await rig.send(command);
  return reply?.outcome === 'rejected' ? reply.faults.map(({ code }) => code) : reply?.outcome;
};

describe('the undoing of a move', () => {
  test('brings back image, password and data, and tells what was entered since', async () => {
    const { rig, one, two, from, to, clientId, servers, command, undo } = await moved();
    const before = await active(servers);
    two.engine.images.set('alfa/client:2', { id: 'sha256:2', labels: {}, user: '' });
    await rig.succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
    const password = await rig.vault.seal('transport', 'another');
    await rig.succeed(commandOf('SetOwnerPassword', { clientId, password }));
    two.database.content.set('alfa_first', 'rows\nof a day');
    const taken = undo(command);
    const result = await rig.succeed(taken);
    expect(result).toMatchObject({
      from: to,
      to: from,
      writtenSince: {
        tables: [{ name: 'results', before: 1, now: 2 }],
        files: { added: 0, changed: 0, removed: 0 },
        reason: expect.stringContaining('results (1 → 2)'),
      },
    });
    const after = await active(servers);
    expect(after.client).toMatchObject({
      serverId: from,
      image: 'alfa/client:1',
      secrets: before.client.secrets,
    });
    expect([after.imageId, after.previousImage]).toEqual(['sha256:alfa/client:1', null]);
    expect(one.engine.containers.get('alfa-first')).toMatchObject({
      status: 'running',
      spec: { restart: 'always' },
    });
    expect(one.answer({ port: 8080, host: 'first.one.test', path: '/healthz' })?.status).toBe(200);
    expect(one.pageOf('first.one.test')).toBeNull();
    expect(one.database.content.get('alfa_first')).toBe('rows');
    const [backup] = after.backups;
    expect(backup).toMatchObject({ kind: 'move', serverId: to, backupId: result['backupId'] });
    // What is left is removed right away, and can not be brought back.
    expect(Date.parse(after.held?.until ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await faultsOf(servers, undo(taken))).toEqual(['move_not_held']);
    await rig.succeed(servers.release(taken));
    expect(await inventory(two)).toMatchObject({ databases: [], clientFiles: [] });
    expect((await active(servers)).held).toBeNull();
    // The next operation finds the container of the record.
    await rig.succeed(commandOf('RebootClient', { clientId }));
  });

  test('says so when nothing was entered', async () => {
    const { rig, command, undo } = await moved();
    expect(await rig.succeed(undo(command))).toMatchObject({
      writtenSince: { tables: [], reason: 'Nothing was entered since the move' },
    });
  });

  test.each(['compare', 'healthy'])('that fails in %s leaves the client where it has moved', async (step) => {
    const { rig, one, two, to, servers, command, undo, common } = await moved();
    if (step === 'healthy') {
      const startContainer = one.docker.startContainer.bind(one.docker);
      one.docker.startContainer = async (name, options) => {
        await startContainer(name, options);
        const container = one.engine.containers.get(name);
        if (container !== undefined && name === 'alfa-first') container.networks.clear();
      };
    } else {
      common.transfer.compare = async () => {
        throw Object.assign(new Error('no'), { name: 'Broken' });
      };
    }
    const taken = undo(command);
    await rig.send(taken);
    expect((await rig.eventsOf(operationIdOf(taken))).at(-1)?.type).toBe('OperationFailed');
    expect((await active(servers)).client.serverId).toBe(to);
    expect((await active(servers)).held).toMatchObject({ operationId: operationIdOf(command) });
    expect(two.engine.containers.get('alfa-first')).toMatchObject({
      status: 'running',
      spec: { restart: 'always' },
    });
    expect(two.pageOf('first.two.test')).toBeNull();
    expect(one.engine.containers.get('alfa-first')?.status).toBe('exited');
    expect(one.answer({ port: 8080, host: 'first.one.test', path: '/' })?.status).toBe(308);
  });

  test('ends before anything is touched when the former server has not kept all of it', async () => {
    const { rig, one, two, command, undo } = await moved();
    one.engine.containers.delete('alfa-first');
    const taken = undo(command);
    await rig.send(taken);
    expect((await rig.eventsOf(operationIdOf(taken))).at(-1)).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'held_incomplete' } },
    });
    expect(two.engine.containers.get('alfa-first')?.status).toBe('running');
  });
});

describe('what is held of a move', () => {
  test('is removed once and by its own id alone', async () => {
    const { rig, one, two, servers, command, release, undo } = await moved();
    expect(await faultsOf(servers, release({ id: 'of another one' }))).toEqual(['move_not_held']);
    await rig.succeed(release(command));
    expect(await inventory(one)).toMatchObject({ databases: [], clientFiles: [] });
    expect(two.engine.containers.get('alfa-first')?.status).toBe('running');
    expect(await faultsOf(servers, release(command))).toEqual(['move_not_held']);
    expect(await faultsOf(servers, undo(command))).toEqual(['move_not_held']);
  });

  test('keeps its place on the server, which can not be removed meanwhile', async () => {
    const { rig, from, servers, command, release } = await moved();
    expect(await faultsOf(servers, commandOf('RemoveServer', { serverId: from }))).toEqual([
      'server_has_clients',
    ]);
    await rig.succeed(release(command));
    expect(await faultsOf(servers, commandOf('RemoveServer', { serverId: from }))).toBe('accepted');
  });

  test('goes with the client when that is deleted, on both servers', async () => {
    const { rig, one, two, from, to, servers, clientId } = await moved();
    await rig.succeed(commandOf('DeleteClient', { clientId, confirm: 'first' }));
    for (const lab of [one, two]) {
      expect(await inventory(lab)).toMatchObject({
        containers: ['alfa-database', 'alfa-proxy'],
        databases: [],
        clientFiles: [],
      });
    }
    for (const serverId of [from, to]) {
      expect(await faultsOf(servers, commandOf('RemoveServer', { serverId }))).toBe('accepted');
    }
  });
});
