import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { COMMANDS_STREAM, reject, REPLIES_STREAM, subjects } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HandedBack } from '../src/index.ts';
import { accept, cancelCommand, gate, Rig } from './support.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

const waiting = async (stream = COMMANDS_STREAM): Promise<number> => {
  const connection = await rig.bareConnection();
  return (await (await jetstreamManager(connection)).streams.info(stream)).state.messages;
};

const acceptedReply = (command: ReturnType<typeof cancelCommand>) => ({
  kind: 'reply',
  reply: {
    outcome: 'accepted',
    fingerprint: command.fingerprint,
    ids: { operationId: command.data.operationId },
    position: '42',
  },
});

test('a command is stored while nobody serves it, and handled by whoever comes later', async () => {
  const { commands } = await rig.connect();
  const command = cancelCommand();
  expect(await commands.send(command, { waitMs: 50 })).toEqual({ kind: 'stored' });

  await rig.nats.kill();
  await rig.nats.start();
  await rig.serve({ CancelOperation: { handle: accept } });

  expect(await commands.send(command, { waitMs: 10_000 })).toEqual(acceptedReply(command));
  await eventually('the queue to be empty', async () => (await waiting()) === 0);
});

test('twenty identical commands at once are handled once and all get the same reply', async () => {
  const sender = await rig.connect();
  const other = await rig.connect();
  let handled = 0;
  const begin = gate();
  await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        handled += 1;
        await begin.passed;
        await accept(delivery);
      },
    },
  });
  const command = cancelCommand();
  const sent = Array.from({ length: 20 }, (_, place) =>
    (place % 2 === 0 ? sender : other).commands.send(command, { waitMs: 10_000 }),
  );
  await eventually('the handler to begin', () => handled === 1);
  begin.open();
  expect(await Promise.all(sent)).toEqual(Array.from({ length: 20 }, () => acceptedReply(command)));
  expect(handled).toBe(1);
});

test('a late duplicate gets the remembered reply and does not run again, even after NATS forgot its id', async () => {
  const { commands } = await rig.connect();
  const handled: string[] = [];
  await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        handled.push(delivery.command.id);
        await accept(delivery);
      },
    },
  });
  const command = cancelCommand();
  await commands.send(command, { waitMs: 10_000 });
  await eventually('the command to be finished', async () => (await waiting()) === 0);
  // After a restart NATS knows only the ids of messages that it still holds.
  await rig.nats.kill();
  await rig.nats.start();
  expect(await commands.send(command, { waitMs: 10_000 })).toEqual(acceptedReply(command));
  expect(await waiting()).toBe(0);
  expect(handled).toEqual([command.id]);
});

test('a rejection is told with all its faults, ends the command, and is remembered', async () => {
  const { commands } = await rig.connect();
  let handled = 0;
  await rig.serve({
    CancelOperation: {
      async handle() {
        handled += 1;
        throw reject('operation_finished', 'It has ended', { meta: { at: 'noon' } });
      },
    },
  });
  const command = cancelCommand();
  const rejected = {
    kind: 'reply',
    reply: {
      outcome: 'rejected',
      fingerprint: command.fingerprint,
      faults: [{ code: 'operation_finished', detail: 'It has ended', meta: { at: 'noon' } }],
    },
  };
  expect(await commands.send(command, { waitMs: 10_000 })).toEqual(rejected);
  expect(await commands.send(command, { waitMs: 10_000 })).toEqual(rejected);
  await eventually('the queue to be empty', async () => (await waiting()) === 0);
  expect(handled).toBe(1);
});

test('the first answer stands: what is told later is not stored', async () => {
  const { commands } = await rig.connect();
  await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        await accept(delivery);
        await delivery.accepted({ operationId: 'another' }, 43n);
        throw reject('operation_finished', 'Too late');
      },
    },
  });
  const command = cancelCommand();
  await commands.send(command, { waitMs: 10_000 });
  await eventually('the queue to be empty', async () => (await waiting()) === 0);
  expect(await commands.send(command, { waitMs: 10_000 })).toEqual(acceptedReply(command));
  expect(await waiting(REPLIES_STREAM)).toBe(1);
});

test('heartbeats keep a command that takes longer than the ack wait from being delivered again', async () => {
  const { commands } = await rig.connect();
  const connection = await rig.bareConnection();
  const end = gate();
  let handled = 0;
  const handlers = {
    CancelOperation: {
      concurrency: 1,
      async handle() {
        handled += 1;
        await end.passed;
      },
    },
  };
  await rig.serve(handlers, { ackWaitMs: 1000 });
  await rig.serve(handlers, { ackWaitMs: 1000 });
  for (let place = 0; place < 4; place += 1) await commands.send(cancelCommand(), { waitMs: 0 });
  await eventually('both to work', () => handled === 2);
  const manager = await jetstreamManager(connection);
  const watched = performance.now();
  await eventually('three ack waits to pass', async () => {
    const info = await manager.consumers.info(COMMANDS_STREAM, 'provisioner');
    expect(info.num_redelivered).toBe(0);
    return performance.now() - watched > 3000;
  });
  end.open();
  await eventually('the queue to be empty', async () => (await waiting()) === 0);
  expect(handled).toBe(4);
});

test('no more are taken than may be in flight, and no more run than the lane is wide', async () => {
  const { commands } = await rig.connect();
  const connection = await rig.bareConnection();
  const end = gate();
  let running = 0;
  let most = 0;
  await rig.serve(
    {
      CancelOperation: {
        concurrency: 2,
        async handle() {
          running += 1;
          most = Math.max(most, running);
          await end.passed;
          running -= 1;
        },
      },
    },
    { maxInFlight: 5 },
  );
  await Promise.all(Array.from({ length: 30 }, () => commands.send(cancelCommand(), { waitMs: 0 })));
  const manager = await jetstreamManager(connection);
  const info = () => manager.consumers.info(COMMANDS_STREAM, 'provisioner');
  await eventually('the process to be full', async () => (await info()).num_ack_pending === 5);
  expect((await info()).num_pending).toBe(25);
  end.open();
  await eventually('the queue to be empty', async () => (await waiting()) === 0);
  expect(most).toBe(2);
});

test('stopping hands back what waits and what does not end in time; another worker takes it at once', async () => {
  const { commands } = await rig.connect();
  const begun: string[] = [];
  const first = await rig.serve(
    {
      CancelOperation: {
        concurrency: 2,
        async handle({ command, signal }) {
          begun.push(command.id);
          // One heeds the signal, the other one never ends.
          if (begun.length === 1) {
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            throw new HandedBack('The service stops');
          }
          await gate().passed;
        },
      },
    },
    { ackWaitMs: 60_000 },
  );
  const sent = Array.from({ length: 4 }, () => cancelCommand());
  for (const command of sent) await commands.send(command, { waitMs: 0 });
  await eventually('two to begin', () => begun.length === 2);
  await first.stop(200);

  await rig.serve({ CancelOperation: { handle: accept } }, { ackWaitMs: 60_000 });
  for (const command of sent)
    expect(await commands.send(command, { waitMs: 10_000 })).toEqual(acceptedReply(command));
  expect(begun).toHaveLength(2);
});

test('a command in hand ends within the grace time and is not handed back', async () => {
  const { commands } = await rig.connect();
  const end = gate();
  let begun = 0;
  const server = await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        begun += 1;
        await end.passed;
        await accept(delivery).catch(() => {});
      },
    },
  });
  await commands.send(cancelCommand(), { waitMs: 0 });
  await eventually('it to begin', () => begun === 1);
  const stopped = server.stop(10_000);
  end.open();
  await stopped;
  expect(await waiting()).toBe(0);
});

test('a redelivery joins the run that is still going on, and the end counts for the newest delivery', async () => {
  const { commands } = await rig.connect();
  const connection = await rig.bareConnection();
  const end = gate();
  let begun = 0;
  const server = await rig.serve(
    {
      CancelOperation: {
        async handle() {
          begun += 1;
          await end.passed;
        },
      },
    },
    { ackWaitMs: 30_000 },
  );
  const command = cancelCommand();
  await commands.send(command, { waitMs: 0 });
  await eventually('it to begin', () => begun === 1);
  // The same command under another message id: stored a second time, as after a lost account of ids.
  await jetstream(connection).publish(subjects.command('CancelOperation'), JSON.stringify(command));
  const manager = await jetstreamManager(connection);
  const info = () => manager.consumers.info(COMMANDS_STREAM, 'provisioner');
  await eventually('both to be delivered', async () => (await info()).num_ack_pending === 2);
  // A consumer made anew delivers everything again from the start.
  await manager.consumers.delete(COMMANDS_STREAM, 'provisioner');
  await eventually('both to be delivered again', async () => {
    const { num_ack_pending: pending, delivered } = await info();
    return pending === 2 && delivered.consumer_seq >= 2;
  });
  end.open();
  await eventually('the queue to be empty', async () => (await waiting()) === 0);
  expect(begun).toBe(1);
  await server.stop(1000);
});

test('a full queue and a command beyond the size limit are refused with a clear error', async () => {
  const small = await rig.connect({ limits: { maxCommands: 2, maxMessageBytes: 2048 } });
  await small.commands.send(cancelCommand(), { waitMs: 0 });
  await small.commands.send(cancelCommand(), { waitMs: 0 });
  await expect(small.commands.send(cancelCommand(), { waitMs: 0 })).rejects.toMatchObject({
    name: 'MessagingUnavailable',
    message: expect.stringContaining('queue is full'),
  });
  const large = cancelCommand();
  large.data.reason = 'x'.repeat(2048);
  await expect(small.commands.send(large, { waitMs: 0 })).rejects.toMatchObject({
    name: 'Rejection',
    message: expect.stringContaining('1536'),
  });
});
