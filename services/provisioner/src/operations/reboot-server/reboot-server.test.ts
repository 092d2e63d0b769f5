import { afterEach, describe, expect, test } from '@jest/globals';
import {
  newId,
  streams,
  type CommandData,
  type OperationEvent,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import { acceptOperation } from '@alfa-cloud/operations';
import { eventually } from '@alfa-cloud/testing';
import { fakeLaboratory, type FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs, type Rig } from '../../../test/rig.ts';

afterEach(stopRigs);

const env = {
  ALFA_REBOOT_LOCAL_COMMAND: 'anything',
  ALFA_REBOOT_TIMEOUT_S: '1',
  ALFA_REBOOT_DRAIN_TIMEOUT_S: '1',
};
const cause = { commandId: newId(), correlationId: 'test', causationId: 'test', actor: 'test' };

/** A server with a client. */
const start = async (options: FakeLaboratoryOptions = {}, more: Record<string, string> = {}) => {
  const cloud = fakeLaboratory(options);
  const rig = await startRig({ cloud, creation: inNoTime, env: { ...env, ...more } });
  const registration = rig.registration();
  await rig.send(registration);
  const { serverId } = registration.data;
  const creation = await rig.creation(serverId);
  await rig.succeed(creation);
  const { clientId } = creation.data;
  const reboot = () => commandOf('RebootServer', { serverId });
  return { cloud, rig, serverId, clientId, reboot };
};

const onServer = async ({ store }: Rig, serverId: string) =>
  (await store.read<ServerEvent>(streams.server(serverId))).events.filter(({ type }) =>
    ['ServerRebootBegun', 'ServerDrained', 'ServerRebooted', 'ServerRebootFailed'].includes(type),
  );
const typesOnServer = async (rig: Rig, serverId: string) =>
  (await onServer(rig, serverId)).map(({ type }) => type);
const endOf = async (rig: Rig, command: { id: string }) =>
  (await rig.eventsOf(operationIdOf(command))).at(-1);
const failsWith = (code: string, reason: string) => ({
  type: 'OperationFailed',
  data: { cause: { code, reason: expect.stringContaining(reason) } },
});

/** An operation on the client that was accepted and does not end. */
const underWay = async (
  rig: Rig,
  clientId: string,
): Promise<{ operationId: string; end(): Promise<void> }> => {
  const operationId = newId();
  await acceptOperation(rig.store, {
    operationId,
    kind: 'client.apply_expiry',
    target: { type: 'client', id: clientId },
    steps: [],
    cause,
  });
  return {
    operationId,
    async end() {
      const event: OperationEvent = { type: 'OperationSucceeded', data: { operationId, result: {} } };
      await rig.store.append(streams.operation(operationId), [{ id: newId(), event }], {
        expectedRevision: 0n,
        cause,
      });
    },
  };
};

test('a server is rebooted once, and what ran before is waited for', async () => {
  const { cloud, rig, serverId, clientId, reboot } = await start();
  const before = cloud.measurements.bootId;
  const result = await rig.succeed(reboot());
  expect(result).toMatchObject({ serverId, clients: 1 });
  expect(cloud.reboots.count).toBe(1);
  expect(await onServer(rig, serverId)).toMatchObject([
    { type: 'ServerRebootBegun' },
    { type: 'ServerDrained', data: { bootId: before, clients: [clientId] } },
    { type: 'ServerRebooted', data: { clients: 1 } },
  ]);
});

describe('meanwhile nothing begins there', () => {
  /** A reboot that waits for an operation. */
  const draining = async () => {
    const started = await start({}, { ALFA_REBOOT_DRAIN_TIMEOUT_S: '600' });
    const { rig, clientId, serverId } = started;
    const other = await underWay(rig, clientId);
    const command = started.reboot();
    const sent = rig.send(command);
    await eventually('the reboot has begun', async () =>
      (await typesOnServer(rig, serverId)).includes('ServerRebootBegun'),
    );
    return { ...started, other, command, sent };
  };

  test('an operation that was accepted before is waited for, and the log names it', async () => {
    const { cloud, rig, other, command, sent } = await draining();
    await eventually('it waits', async () =>
      (await rig.story(operationIdOf(command))).includes(other.operationId),
    );
    expect(cloud.reboots.count).toBe(0);
    await other.end();
    await sent;
    expect((await endOf(rig, command))?.type).toBe('OperationSucceeded');
  });

  test('what is asked for is refused with the id of the operation', async () => {
    const { rig, serverId, clientId, other, command, sent } = await draining();
    const refused = {
      outcome: 'rejected',
      faults: [
        {
          code: 'operation_in_progress',
          detail: 'The server is being rebooted',
          meta: { operationId: operationIdOf(command) },
        },
      ],
    };
    const creation = await rig.creation(serverId, { slug: 'second' });
    for (const asked of [
      commandOf('RebootClient', { clientId }),
      commandOf('PrepareServer', { serverId }),
      commandOf('RemoveServer', { serverId }),
      commandOf('RebootServer', { serverId }),
      creation,
    ]) {
      expect([asked.name, (await rig.send<typeof asked.name>(asked as never)).reply]).toMatchObject([
        asked.name,
        refused,
      ]);
    }
    await other.end();
    await sent;
    await rig.succeed(commandOf('RebootClient', { clientId }));
    await rig.succeed(creation);
  });

  test('a change that is recorded first is accepted, and made true on the server afterwards', async () => {
    const { rig, serverId, clientId, other, command, sent } = await draining();
    const change: CommandData<'ChangeExpireDate'> = { clientId, expireDate: '2098-01-31', reason: 'paid' };
    const changing = commandOf('ChangeExpireDate', change);
    const changed = rig.send(changing);
    await eventually('it is accepted', async () => (await rig.eventsOf(operationIdOf(changing))).length > 0);
    await other.end();
    await Promise.all([sent, changed]);
    expect((await endOf(rig, command))?.type).toBe('OperationSucceeded');
    expect((await endOf(rig, changing))?.type).toBe('OperationSucceeded');
    const position = (operation: { id: string }, type: string) =>
      rig.store
        .all()
        .findIndex(
          (event) =>
            event.type === type &&
            'operationId' in event.data &&
            event.data.operationId === operationIdOf(operation),
        );
    expect(position(changing, 'OperationClaimed')).toBeGreaterThan(position(command, 'ServerRebooted'));
    expect(await typesOnServer(rig, serverId)).toContain('ServerRebooted');
  });
});

test('an operation that does not end keeps the server from being rebooted', async () => {
  const { cloud, rig, serverId, clientId, reboot } = await start();
  const { operationId } = await underWay(rig, clientId);
  const command = reboot();
  await rig.send(command);
  expect(await endOf(rig, command)).toMatchObject(
    failsWith('server_busy', `after 1 s there still run client.apply_expiry (${operationId})`),
  );
  expect(cloud.reboots.count).toBe(0);
  expect(await typesOnServer(rig, serverId)).toEqual(['ServerRebootBegun', 'ServerRebootFailed']);
  await rig.succeed(commandOf('RebootClient', { clientId }));
});

test('a client that does not come back is named, with the last lines of its container', async () => {
  let isRebooted = false;
  const { rig, serverId, clientId, reboot } = await start({
    health: (name) => (isRebooted && name === 'alfa-first' ? 500 : 200),
    onReboot: () => (isRebooted = true),
    lastLines: () => 'PHP Fatal error: no such table',
  });
  const command = reboot();
  await rig.send(command);
  const end = await endOf(rig, command);
  expect(end).toMatchObject(failsWith('clients_not_back', '1 of 1 clients have not come back'));
  expect(end).toMatchObject(failsWith('clients_not_back', 'first: /healthz answered 500'));
  expect(end).toMatchObject(failsWith('clients_not_back', 'PHP Fatal error: no such table'));
  expect(await onServer(rig, serverId)).toMatchObject([
    {},
    {},
    { type: 'ServerRebootFailed', data: { code: 'clients_not_back' } },
  ]);
  isRebooted = false;
  await rig.succeed(commandOf('RebootClient', { clientId }));
});

test('a client that did not answer before is not waited for', async () => {
  let isBroken = false;
  const { rig, reboot } = await start({ health: () => (isBroken ? 500 : 200) });
  isBroken = true;
  expect(await rig.succeed(reboot())).toMatchObject({ clients: 0 });
});

test('a server that does not come back, and one that goes on as before', async () => {
  const away = await start();
  const { cloud } = away;
  cloud.reboot = async () => void (cloud.measurements.bootId = null);
  const first = away.reboot();
  await away.rig.send(first);
  expect(await endOf(away.rig, first)).toMatchObject(
    failsWith('server_not_back', 'has not come back within 1 s'),
  );
  const same = await start();
  same.cloud.reboot = async () => {};
  const second = same.reboot();
  await same.rig.send(second);
  expect(await endOf(same.rig, second)).toMatchObject(failsWith('not_rebooted', 'same boot id'));
});

test('the machine of Alfa Cloud itself is not rebooted unless it is said how', async () => {
  const { cloud, rig, serverId, reboot } = await start({}, { ALFA_REBOOT_LOCAL_COMMAND: '' });
  expect((await rig.send(reboot())).reply).toMatchObject({
    outcome: 'rejected',
    faults: [{ code: 'server_is_local' }],
  });
  expect(await typesOnServer(rig, serverId)).toEqual([]);
  expect(cloud.reboots.count).toBe(0);
});
