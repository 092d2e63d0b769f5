import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId, operationOfCommand, reject, type Receipt } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { accept, cancelCommand, gate, Rig, type Cancel } from './support.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  rig.late.length = 0;
});

const receiptOf = ({ id, actor, correlationId, issuedAt }: Cancel): Receipt => ({
  operationId: operationOfCommand(id),
  commandId: id,
  kind: 'client.back_up',
  target: { type: 'none', id: null },
  parameters: null,
  retryOf: null,
  actor,
  correlationId,
  acceptedAt: issuedAt,
  made: null,
});

const refusal = () => reject('operation_in_progress', 'Another one runs');

test('a refusal that comes later than the sender waits is told to somebody, once; one in time is not', async () => {
  const { passed, open } = gate();
  const slow = cancelCommand();
  const server = await rig.serve({
    CancelOperation: {
      async handle({ command }) {
        if (command.id === slow.id) await passed;
        throw refusal();
      },
    },
  });
  const { commands, receipts } = server.messaging;
  const quick = cancelCommand();
  expect(await commands.send(quick, { waitMs: 5000, receipt: receiptOf(quick) })).toMatchObject({
    kind: 'reply',
  });
  expect(await commands.send(slow, { waitMs: 50, receipt: receiptOf(slow) })).toEqual({ kind: 'stored' });
  expect(await receipts.find(operationOfCommand(slow.id))).toEqual(receiptOf(slow));
  expect(await receipts.find(operationOfCommand(quick.id))).toBeNull();
  open();
  await rig.emptied();
  expect(rig.late).toMatchObject([
    {
      command: { id: slow.id },
      receipt: receiptOf(slow),
      outcome: { faults: [{ detail: 'Another one runs' }] },
    },
  ]);
  expect(await commands.send(slow, { waitMs: 50, receipt: receiptOf(slow) })).toMatchObject({
    reply: { outcome: 'rejected' },
  });
  await server.stop(1000);
});

test('whenever the refusal comes, the sender gets it or it is told to somebody', async () => {
  const server = await rig.serve({
    CancelOperation: {
      async handle({ command }) {
        await new Promise((resolve) => setTimeout(resolve, Number(command.correlationId)));
        throw refusal();
      },
    },
  });
  const { commands } = server.messaging;
  const sent = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const command = { ...cancelCommand(), correlationId: String((index % 40) * 20) };
      const { kind } = await commands.send(command, {
        // Half of them wait longer than any refusal takes, so that there are both ends on every machine.
        waitMs: index % 2 === 0 ? 400 : 30_000,
        isNew: true,
        receipt: receiptOf(command),
      });
      return { id: command.id, kind };
    }),
  );
  await rig.emptied();
  const told = new Set(rig.late.map(({ command }) => command.id));
  expect(sent.filter(({ id, kind }) => kind === 'stored' && !told.has(id))).toEqual([]);
  expect(new Set(sent.map(({ kind }) => kind))).toEqual(new Set(['reply', 'stored']));
  await server.stop(1000);
});

test('an end that could not be recorded is recorded later, without deciding anew', async () => {
  const { passed, open } = gate();
  const command = cancelCommand();
  const failures = ['EventStoreUnavailable', 'Error'];
  let handled = 0;
  const server = await rig.serve(
    {
      CancelOperation: {
        async handle() {
          handled += 1;
          await passed;
          throw refusal();
        },
      },
    },
    {
      ackWaitMs: 1000,
      async onLateDecision(late) {
        const name = failures.shift();
        if (name !== undefined) throw Object.assign(new Error('not recorded'), { name });
        rig.late.push(late);
      },
    },
  );
  const { commands } = await rig.connect();
  expect(await commands.send(command, { waitMs: 10, receipt: receiptOf(command) })).toEqual({
    kind: 'stored',
  });
  open();
  await rig.emptied();
  expect(rig.late).toMatchObject([{ command: { id: command.id }, outcome: { kind: 'rejected' } }]);
  expect([failures, handled]).toEqual([[], 1]);
  await server.stop(1000);
});

test('what is done without an operation of its own is told as done, what has one tells for itself', async () => {
  const { passed, open } = gate();
  const own = cancelCommand();
  const none = cancelCommand();
  const server = await rig.serve({
    CancelOperation: {
      async handle(delivery) {
        await passed;
        if (delivery.command.id === none.id) await accept(delivery);
        else await delivery.accepted({ operationId: operationOfCommand(delivery.command.id) }, 42n);
      },
    },
  });
  const { commands } = server.messaging;
  for (const command of [own, none])
    await commands.send(command, { waitMs: 10, isNew: true, receipt: receiptOf(command) });
  open();
  await rig.emptied();
  expect(rig.late).toMatchObject([{ command: { id: none.id }, outcome: { kind: 'accepted' } }]);
  await server.stop(1000);
});

test('a receipt is found by what the command makes as well, and after NATS was killed', async () => {
  const { commands, receipts } = await rig.connect();
  const command = cancelCommand();
  const serverId = newId();
  const server = {
    serverId,
    name: 'one',
    role: 'production',
    domain: 'a.test',
    connection: { kind: 'local' },
    active: true,
    capacity: { clients: 1 },
    proxy: { httpPort: 80 },
  } as const;
  const receipt: Receipt = { ...receiptOf(command), made: { type: 'server', server } };
  expect(await commands.send(command, { waitMs: 10, receipt })).toEqual({ kind: 'stored' });
  await rig.nats.kill();
  await rig.nats.start();
  const found = await eventually('the receipt', () => receipts.find(serverId).then((it) => it ?? undefined));
  expect(found).toEqual(receipt);
  expect(await receipts.find(receipt.operationId)).toEqual(receipt);
});
