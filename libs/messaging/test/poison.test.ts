import { jetstream } from '@nats-io/jetstream';
import { subjects } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { accept, cancelCommand, Rig } from './support.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

test('what can not be read, has an unknown name or bad data is poison at once, told to whoever sent it', async () => {
  const { commands } = await rig.connect();
  const connection = await rig.bareConnection();
  const jetStream = jetstream(connection);
  await rig.serve({ CancelOperation: { handle: accept } });
  const subject = subjects.command('CancelOperation');
  const wrongName = { ...cancelCommand(), name: 'RegisterServer' };
  const badData = { ...cancelCommand(), data: { operationId: 'no id' } };
  const badEnvelope = { ...cancelCommand(), actor: 5, extra: true };
  await jetStream.publish(subject, Uint8Array.from([0xff, 0x00, 0x7b]));
  await jetStream.publish(subject, JSON.stringify(['not', 'a', 'command']));
  await jetStream.publish(
    'alfa.commands.provisioner.EatLunch',
    JSON.stringify({ ...cancelCommand(), name: 'EatLunch' }),
  );
  // Known, but this process has no handler for it.
  await jetStream.publish(subjects.command('RegisterServer'), JSON.stringify(wrongName));
  await jetStream.publish(subject, JSON.stringify({ ...cancelCommand(), name: 'RegisterServer' }));
  await jetStream.publish(subject, JSON.stringify(badEnvelope));
  await jetStream.publish(subject, JSON.stringify(badData));
  await rig.emptied();
  expect(
    rig.poison
      .toSorted((one, other) => one.sequence - other.sequence)
      .map(({ sequence, command, faults }) => [
        sequence,
        command?.name,
        faults.map(({ pointer }) => pointer),
      ]),
  ).toEqual([
    [1, undefined, [undefined]],
    [2, undefined, ['']],
    [3, 'EatLunch', [undefined]],
    [4, 'RegisterServer', [undefined]],
    [5, 'RegisterServer', [undefined]],
    [6, undefined, ['/extra', '/actor']],
    [7, 'CancelOperation', ['/data/operationId']],
  ]);
  for (const { id } of [badData, badEnvelope, wrongName])
    expect(await commands.send(cancelCommand(id), { waitMs: 5000 })).toMatchObject({
      reply: {
        outcome: 'rejected',
        faults: [{ code: 'command_not_understood' }, ...(id === badEnvelope.id ? [{}] : [])],
      },
    });
});

test('a command that fails again and again is poison after its attempts', async () => {
  const { commands } = await rig.connect();
  const attempts: number[] = [];
  await rig.serve(
    {
      CancelOperation: {
        async handle({ attempt }) {
          attempts.push(attempt);
          throw new Error('secret detail');
        },
      },
    },
    { maxAttempts: 3 },
  );
  const command = cancelCommand();
  const sent = await commands.send(command, { waitMs: 20_000 });
  expect(sent).toMatchObject({ reply: { outcome: 'rejected', faults: [{ code: 'internal' }] } });
  expect(JSON.stringify(sent)).not.toContain('secret detail');
  expect(attempts).toEqual([1, 2, 3]);
  await rig.emptied();
  expect(rig.poison).toMatchObject([{ sequence: 1, command: { id: command.id } }]);
});

test('a command whose work is under way is never poison, however often it failed', async () => {
  const { commands } = await rig.connect();
  let runs = 0;
  await rig.serve(
    {
      CancelOperation: {
        async handle(delivery) {
          runs += 1;
          if (runs < 4) throw new Error('Not yet');
          await accept(delivery);
        },
        isUnderWay: async () => true,
      },
    },
    { maxAttempts: 1 },
  );
  expect(await commands.send(cancelCommand(), { waitMs: 20_000 })).toMatchObject({
    reply: { outcome: 'accepted' },
  });
  expect(rig.poison).toEqual([]);
});

test('an outage is waited out and does not count as an attempt', async () => {
  const { commands } = await rig.connect();
  const attempts: number[] = [];
  await rig.serve(
    {
      CancelOperation: {
        async handle(delivery) {
          attempts.push(delivery.attempt);
          if (attempts.length < 3) throw Object.assign(new Error('Away'), { name: 'EventStoreUnavailable' });
          await accept(delivery);
        },
      },
    },
    { maxAttempts: 1, ackWaitMs: 1000 },
  );
  expect(await commands.send(cancelCommand(), { waitMs: 20_000 })).toMatchObject({
    reply: { outcome: 'accepted' },
  });
  expect(attempts).toEqual([1, 1, 1]);
});

test('a poison message that can not be recorded stays until it can, without haste', async () => {
  const connection = await rig.bareConnection();
  const tries: number[] = [];
  await rig.serve(
    {},
    {
      async onPoison() {
        tries.push(performance.now());
        if (tries.length < 3) throw new Error('The event store is away');
      },
    },
  );
  await jetstream(connection).publish(subjects.command('CancelOperation'), 'garbage');
  await rig.emptied();
  expect(tries).toHaveLength(3);
  const [first = 0, second = 0, third = 0] = tries;
  // Later than a hot loop: at least the delay asked of JetStream, 1 s and 2 s.
  expect(second - first).toBeGreaterThan(900);
  expect(third - second).toBeGreaterThan(1900);
});

test('a command that kills its process each time ends as poison; those that run beside it do not', async () => {
  const { commands } = await rig.connect();
  const deadly = cancelCommand();
  deadly.data.reason = 'crash';
  const innocent = Array.from({ length: 6 }, () => cancelCommand());
  for (const command of [...innocent.slice(0, 3), deadly, ...innocent.slice(3)])
    await commands.send(command, { waitMs: 0 });

  const seen: string[] = [];
  let crashes = 0;
  while (crashes < 10 && !seen.some((line) => line.startsWith('poison'))) {
    const worker = rig.spawnWorker('crash');
    const hasGivenUp = () => worker.lines.some((line) => line.startsWith('poison'));
    await eventually('a crash or the end', () => hasGivenUp() || worker.hasEnded());
    if (!hasGivenUp()) crashes += 1;
    seen.push(...worker.lines);
  }
  await rig.emptied();
  expect(seen.filter((line) => line.startsWith('poison'))).toEqual([`poison ${deadly.id} internal`]);
  expect(crashes).toBe(5);
  expect(await commands.send(deadly, { waitMs: 10_000 })).toMatchObject({ reply: { outcome: 'rejected' } });
  for (const command of innocent)
    expect(await commands.send(command, { waitMs: 10_000 })).toMatchObject({
      reply: { outcome: 'accepted' },
    });
});
