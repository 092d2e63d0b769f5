import { jetstreamManager } from '@nats-io/jetstream';
import { COMMANDS_STREAM, REPLIES_STREAM } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, nanos } from '@nats-io/transport-node';
import { connectMessaging } from '../src/index.ts';
import { accept, cancelCommand, gate, logger, Rig } from './support.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

test('a command in the hands of a process that is killed goes to another one', async () => {
  const { commands } = await rig.connect();
  const worker = rig.spawnWorker('endless');
  await eventually('the worker', () => worker.lines.includes('ready'));
  const command = cancelCommand();
  await commands.send(command, { waitMs: 0 });
  await eventually('the worker to begin', () => worker.lines.includes(`begun ${command.id} 1`));
  await worker.kill();
  const attempts: number[] = [];
  await rig.serve(
    {
      CancelOperation: {
        handle: async (delivery) => {
          attempts.push(delivery.attempt);
          await accept(delivery);
        },
      },
    },
    { ackWaitMs: 1000 },
  );
  expect(await commands.send(command, { waitMs: 20_000 })).toMatchObject({ reply: { outcome: 'accepted' } });
  expect(attempts).toEqual([2]);
});

test('NATS killed for longer than the ack wait: running commands run once, to their end, and new ones follow', async () => {
  const { commands } = await rig.connect();
  const first = cancelCommand();
  const during = gate();
  const runs: string[] = [];
  const server = await rig.serve(
    {
      CancelOperation: {
        async handle(delivery) {
          runs.push(delivery.command.id);
          if (delivery.command.id === first.id) await during.passed;
          await accept(delivery);
        },
      },
    },
    { ackWaitMs: 1000 },
  );
  const answered = commands.send(first, { waitMs: 3_600_000 });
  await eventually('it to begin', () => runs.length === 1);
  await rig.nats.kill();
  const down = performance.now();
  await eventually('the ack wait to pass', () => performance.now() - down > 3000);
  expect(server.messaging.isConnected()).toBe(false);
  await expect(server.messaging.check()).rejects.toThrow('not there');
  await rig.nats.start();
  const manager = await jetstreamManager(await rig.bareConnection());
  await eventually(
    'the redelivery',
    async () => (await manager.consumers.info(COMMANDS_STREAM, 'provisioner')).num_redelivered > 0,
  );
  during.open();
  expect(await answered).toMatchObject({ reply: { outcome: 'accepted' } });
  await rig.emptied();
  expect(runs).toEqual([first.id]);
  expect(await commands.send(cancelCommand(), { waitMs: 10_000 })).toMatchObject({
    reply: { outcome: 'accepted' },
  });
  expect(await server.messaging.check()).toContain('connected');
});

test('a command that ends while NATS is away is accepted and acknowledged afterwards, well before its time is over', async () => {
  const { commands } = await rig.connect();
  const away = gate();
  let runs = 0;
  await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        runs += 1;
        await away.passed;
        await accept(delivery);
      },
    },
  });
  const command = cancelCommand();
  const answered = commands.send(command, { waitMs: 3_600_000 });
  await eventually('it to begin', () => runs === 1);
  await rig.nats.kill();
  away.open();
  await new Promise((resolve) => setImmediate(resolve));
  await rig.nats.start();
  expect(await answered).toMatchObject({ reply: { outcome: 'accepted' } });
  await rig.emptied();
  expect(runs).toBe(1);
});

test('with NATS away a command, a query and the feed neither hang nor pretend', async () => {
  const { commands, queries, feed } = await rig.connect({ storeDeadlineMs: 500 });
  await rig.nats.kill();
  await expect(commands.send(cancelCommand(), { waitMs: 0 })).rejects.toMatchObject({
    name: 'MessagingUnavailable',
  });
  await expect(queries.ask('GetServer', { id: 'a' }, { timeoutMs: 300 })).rejects.toMatchObject({
    name: 'MessagingUnavailable',
  });
  feed.publish('alfa.feed.operations.a', {});
});

test('a command sent while NATS restarts is stored once it is back', async () => {
  const { commands } = await rig.connect();
  await rig.serve({ CancelOperation: { handle: accept } });
  await rig.nats.kill();
  const sent = commands.send(cancelCommand(), { waitMs: 10_000 });
  await rig.nats.start();
  expect(await sent).toMatchObject({ reply: { outcome: 'accepted' } });
});

test('NATS that lost its store gets streams and consumers again, and what ran before ends nothing of the new', async () => {
  const { commands } = await rig.connect();
  const old = cancelCommand();
  const lost = gate();
  const later = gate();
  const runs: string[] = [];
  await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        runs.push(delivery.command.id);
        await (delivery.command.id === old.id ? lost : later).passed;
        await accept(delivery);
      },
    },
  });
  await commands.send(old, { waitMs: 0 });
  await eventually('it to begin', () => runs.length === 1);
  await rig.loseStore();
  // The first of the new stream has the sequence number that the old one had.
  const fresh = cancelCommand();
  const answered = commands.send(fresh, { waitMs: 20_000 });
  await eventually('the new one to begin', () => runs.length === 2);
  lost.open();
  const manager = await jetstreamManager(await rig.bareConnection());
  await eventually(
    'the old one to be answered',
    async () => (await manager.streams.info(REPLIES_STREAM)).state.messages === 1,
  );
  expect((await manager.consumers.info(COMMANDS_STREAM, 'provisioner')).num_ack_pending).toBe(1);
  later.open();
  expect(await answered).toMatchObject({ reply: { outcome: 'accepted' } });
  await rig.emptied();
  expect(runs).toEqual([old.id, fresh.id]);
});

test('streams deleted under a running system are made again', async () => {
  const { commands } = await rig.connect();
  await rig.serve({ CancelOperation: { handle: accept } }, { ackWaitMs: 1000 });
  await commands.send(cancelCommand(), { waitMs: 5000 });
  const manager = await jetstreamManager(await rig.bareConnection());
  await manager.streams.delete(COMMANDS_STREAM);
  await manager.streams.delete(REPLIES_STREAM);
  expect(await commands.send(cancelCommand(), { waitMs: 20_000 })).toMatchObject({
    reply: { outcome: 'accepted' },
  });
});

test('the command stream deleted under a process that only sends commands is made again', async () => {
  const { commands } = await rig.connect();
  await commands.send(cancelCommand(), { waitMs: 0 });
  const manager = await jetstreamManager(await rig.bareConnection());
  await manager.streams.delete(COMMANDS_STREAM);
  const sent = await commands.send(cancelCommand(), { waitMs: 0, isNew: true });
  expect(sent).toEqual({ kind: 'stored' });
  expect((await manager.streams.info(COMMANDS_STREAM)).state.messages).toBe(1);
});

test('a stream of an older configuration is brought up to date; one that can not be is a clear error', async () => {
  const bare = await connect({ servers: rig.nats.url });
  const manager = await jetstreamManager(bare);
  await manager.streams.add({ name: REPLIES_STREAM, subjects: ['alfa.replies.*'], max_age: nanos(1000) });
  await rig.connect();
  expect((await manager.streams.info(REPLIES_STREAM)).config).toMatchObject({
    allow_direct: true,
    max_msgs_per_subject: 1,
    max_age: nanos(24 * 60 * 60 * 1000),
  });
  await manager.streams.delete(COMMANDS_STREAM);
  await manager.streams.add({ name: COMMANDS_STREAM, subjects: ['alfa.commands.>'] });
  await bare.close();
  await expect(
    connectMessaging({ url: rig.nats.url, name: 'late', logger, connectDeadlineMs: 5000 }),
  ).rejects.toThrow(/COMMANDS exists with another configuration that can't be changed/);
});

test('connecting waits for a NATS that comes late, and gives up with the cause', async () => {
  await rig.nats.kill();
  await expect(
    connectMessaging({ url: rig.nats.url, name: 'early', logger, connectDeadlineMs: 300 }),
  ).rejects.toMatchObject({ name: 'MessagingUnavailable', message: expect.stringContaining('reached') });
  const connecting = rig.connect();
  await rig.nats.start();
  expect((await connecting).isConnected()).toBe(true);
});
