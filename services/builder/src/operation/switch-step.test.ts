import { afterEach, expect, test } from '@jest/globals';
import {
  deriveId,
  newId,
  streams,
  type CommandReply,
  type ClientView,
  type OperationEvent,
  type RepositoryEvent,
  type SwitchRule,
} from '@alfa-cloud/contracts';
import type { FakeCommandSender } from '@alfa-cloud/messaging/testing';
import { ownCause, requestCancel } from '@alfa-cloud/operations';
import { eventually } from '@alfa-cloud/testing';
import {
  addServer,
  answerOf,
  buildDevCommand,
  buildProdCommand,
  endWorlds,
  fakeEngine,
  newWorld,
  operationIdOf,
  outcomeOf,
  startBuilder,
} from '../testing/rig.ts';
import { switchIdOf } from './switch-step.ts';

afterEach(endWorlds);

const clientOn = (serverId: string, slug: string) =>
  ({ id: deriveId('client', slug), slug, serverId, imageId: 'sha256:before' }) as ClientView;

/** A world with clients on a stage and a production server, where builds of `dev` are followed by this rule. */
const start = async (
  rule: SwitchRule | null,
  options: { answer?: Parameters<typeof newWorld>[0]; engine?: Parameters<typeof fakeEngine>[0] } = {},
) => {
  const world = await newWorld(options.answer);
  await addServer(world, 'builds', fakeEngine(options.engine), { role: 'build' });
  const stage = await addServer(world, 'stage', fakeEngine(), { role: 'stage' });
  const production = await addServer(world, 'production', fakeEngine());
  world.clients.push(clientOn(stage, 'a'), clientOn(production, 'b'), clientOn(stage, 'c'));
  const setRule = async (changed: SwitchRule) => {
    const branches = { dev: 'dev', prod: 'master' };
    const data = {
      url: 'https://git.example.org/app',
      branches,
      dockerfile: 'Dockerfile',
      afterBuild: { dev: changed },
      access: 'none',
    } as const;
    const event: RepositoryEvent = { type: 'RepositorySet', data };
    const { revision } = await world.store.read(streams.repository);
    await world.store.append(streams.repository, [{ id: newId(), event }], {
      expectedRevision: revision ?? 'no_stream',
      cause: ownCause(),
    });
  };
  if (rule !== null) await setRule(rule);
  const builder = await startBuilder(world);
  const run = async () => {
    const command = buildDevCommand();
    await builder.send(command);
    return { command, ...(await outcomeOf(world, command)) };
  };
  return { world, run, builder, setRule };
};
const sentBy = ({ sent }: FakeCommandSender) => sent.map(({ name, data }) => ({ name, data }));
const accepted = (fingerprint: string): CommandReply => ({
  outcome: 'accepted',
  fingerprint,
  ids: {},
  position: '1',
});
const refusedFor = (operationId: string, fingerprint: string): CommandReply => ({
  outcome: 'rejected',
  fingerprint,
  faults: [{ code: 'operation_in_progress', detail: 'Another switch is running', meta: { operationId } }],
});
const [a, b, c] = ['a', 'b', 'c'].map((slug) => deriveId('client', slug));

test.each([
  ['stage', [a, c]],
  ['production', [b]],
  ['all', [a, b, c]],
] as const)('a good build is followed by the switch of clients on servers: %s', async (where, clientIds) => {
  const { world, run } = await start({ switch: where, canary: 2 });
  const { command, end, result } = await run();
  expect(end).toEqual({ status: 'ok' });
  expect(sentBy(world.commands)).toEqual([
    { name: 'SwitchAllImages', data: { targetImage: result?.['image'], clientIds, canary: 2 } },
  ]);
  expect(world.commands.sent[0]).toMatchObject({
    id: switchIdOf(operationIdOf(command)),
    actor: 'tester',
    correlationId: command.correlationId,
    causationId: command.id,
  });
});

test('without a rule, or with one that says none, nobody is switched', async () => {
  for (const rule of [null, { switch: 'none' } as const]) {
    const { world, run } = await start(rule);
    const { end, story } = await run();
    expect([end, world.commands.sent]).toEqual([{ status: 'ok' }, []]);
    expect(story).toContain('No rule asks for it');
  }
});

test('nobody is switched to an image that has not passed its test', async () => {
  const exec = ({ request }: { request: { argv: readonly string[] } }) => ({
    exitCode: request.argv.includes('migrate') ? 1 : 0,
    stdout: answerOf(request.argv),
  });
  const { world, run } = await start({ switch: 'all' }, { engine: { exec } });
  expect((await run()).end).toMatchObject({ cause: { code: 'smoke_test_failed' } });
  expect(world.commands.sent).toEqual([]);
});

test('who runs from the image already is left out, and without anybody left nothing is asked for', async () => {
  const { world, run } = await start({ switch: 'stage' });
  const { result } = await run();
  const imageId = String(result?.['imageId']);
  world.clients[0] = { ...(world.clients[0] as ClientView), imageId };
  await run();
  expect(sentBy(world.commands).at(-1)).toMatchObject({ data: { clientIds: [c] } });
  world.clients[2] = { ...(world.clients[2] as ClientView), imageId };
  const { story } = await run();
  expect(world.commands.sent).toHaveLength(2);
  expect(story).toContain('No client has to be switched');
});

test('a refusal is told in words and stands in the history; the build is good', async () => {
  const { world, run } = await start(
    { switch: 'stage' },
    {
      answer: ({ fingerprint }) => ({
        outcome: 'rejected',
        fingerprint,
        faults: [{ code: 'image_not_on_server', detail: 'No server has the image' }],
      }),
    },
  );
  const { command, end, story } = await run();
  expect([end, story.includes('No client is switched: No server has the image')]).toEqual([
    { status: 'ok' },
    true,
  ]);
  const refused = operationIdOf({ id: switchIdOf(operationIdOf(command)) });
  const { events } = await world.store.read<OperationEvent>(streams.operation(refused));
  expect(events).toMatchObject([
    {
      type: 'OperationRejected',
      data: { requestedKind: 'clients.switch', cause: { code: 'image_not_on_server' } },
    },
  ]);
});

/** A build whose switch waits for another one; that has ended when `free` returns. `late`: so often it is not told of in time. */
const startWaiting = async (late = 0) => {
  const other = deriveId('other');
  let isFree = false;
  let looks = 0;
  const begun = await start(
    { switch: 'stage' },
    {
      answer: ({ fingerprint }) => {
        if (isFree) return accepted(fingerprint);
        return (looks += 1) <= late ? 'stored' : refusedFor(other, fingerprint);
      },
    },
  );
  const { store, commands } = begun.world;
  const command = buildDevCommand();
  const running = begun.builder.send(command);
  await eventually('it was asked for', async () => commands.sent.length > 0 || undefined);
  const free = async () => {
    isFree = true;
    const events: OperationEvent[] = [
      {
        type: 'OperationAccepted',
        data: {
          operationId: other,
          kind: 'clients.switch',
          target: { type: 'none', id: null },
          steps: [],
          parentId: null,
        },
      },
      { type: 'OperationSucceeded', data: { operationId: other, result: {} } },
    ];
    await store.append(
      streams.operation(other),
      events.map((event) => ({ id: newId(), event })),
      { expectedRevision: 'no_stream', cause: ownCause() },
    );
  };
  const outcome = async () => {
    await running;
    return outcomeOf(begun.world, command);
  };
  return { ...begun, command, other, free, outcome };
};

test('a switch that another one stands in the way of begins after that has ended, with the clients of then', async () => {
  const { world, command, other, free, outcome } = await startWaiting();
  world.clients.splice(0, 1);
  await free();
  const { end, story } = await outcome();
  expect(end).toEqual({ status: 'ok' });
  const buildId = operationIdOf(command);
  expect(world.commands.sent.map(({ id }) => id)).toEqual([switchIdOf(buildId), switchIdOf(buildId, 1)]);
  expect(sentBy(world.commands).map(({ data }) => data)).toMatchObject([
    { clientIds: [a, c] },
    { clientIds: [c] },
  ]);
  expect(story).toContain(`Operation ${other} over these clients has to end first`);
  expect(story).toContain(`1 clients are switched`);
});

test('it is waited for as well when it is told of late, and stands in no history as a refusal', async () => {
  const { world, command, other, free, outcome } = await startWaiting(2);
  const operationId = operationIdOf({ id: switchIdOf(operationIdOf(command)) });
  await eventually('it waits', async () => {
    const { story } = await outcomeOf(world, command);
    return story.includes(`Operation ${other} over these clients has to end first`) || undefined;
  });
  // By one, what refuses late would record that.
  expect(await world.commands.receipts.find(operationId)).toBeNull();
  await free();
  const { end, story } = await outcome();
  expect([end, story.includes('has not been decided on yet')]).toEqual([{ status: 'ok' }, true]);
  expect((await world.store.read(streams.operation(operationId))).events).toEqual([]);
  expect(world.commands.sent).toHaveLength(2);
});

test('while it waits, another branch is built on the same server', async () => {
  const { world, builder, free, outcome } = await startWaiting();
  const other = buildProdCommand();
  await builder.send(other);
  expect((await outcomeOf(world, other)).end).toEqual({ status: 'ok' });
  await free();
  expect((await outcome()).end).toEqual({ status: 'ok' });
});

test('a rule that is taken back while another switch stands in the way switches nobody', async () => {
  const { world, free, outcome, setRule } = await startWaiting();
  await setRule({ switch: 'none' });
  await free();
  const { end, story } = await outcome();
  expect([end, world.commands.sent.length]).toEqual([{ status: 'ok' }, 1]);
  expect(story).toContain('No rule asks for it');
});

test('a build that is cancelled while another switch stands in the way switches nobody', async () => {
  const { world, command, outcome } = await startWaiting();
  const operationId = operationIdOf(command);
  await requestCancel(world.store, { operationId, cause: ownCause() });
  const { end } = await outcome();
  expect([end?.status, world.commands.sent.length]).toEqual(['cancelled', 1]);
});

test('of more clients than one operation takes the others come with the next build', async () => {
  const { world, run } = await start({ switch: 'stage' });
  const serverId = world.clients[0]?.serverId ?? '';
  world.clients.length = 0;
  for (let number = 1; number <= 10_002; number += 1)
    world.clients.push(clientOn(serverId, `many-${number}`));
  const { result, story } = await run();
  const named = () => (world.commands.sent.at(-1)?.data as { clientIds: string[] } | undefined)?.clientIds;
  expect(named()).toHaveLength(10_000);
  expect(story).toContain('2 more are left');
  const imageId = String(result?.['imageId']);
  world.clients.splice(
    0,
    10_000,
    ...world.clients.slice(0, 10_000).map((client) => ({ ...client, imageId })),
  );
  await run();
  expect(named()).toEqual(world.clients.slice(-2).map(({ id }) => id));
});

test('a step that is repeated after an outage of NATS asks once', async () => {
  let outages = 2;
  const { world, run } = await start(
    { switch: 'stage' },
    { answer: ({ fingerprint }) => ((outages -= 1) >= 0 ? 'unavailable' : accepted(fingerprint)) },
  );
  expect((await run()).end).toEqual({ status: 'ok' });
  expect(world.commands.sent).toHaveLength(1);
});

test('a switch that is decided on late and refused then is told of as refused', async () => {
  let late = 2;
  const { run } = await start(
    { switch: 'stage' },
    {
      answer: ({ fingerprint }) =>
        (late -= 1) >= 0
          ? 'stored'
          : {
              outcome: 'rejected',
              fingerprint,
              faults: [{ code: 'image_not_on_server', detail: 'No server has the image' }],
            },
    },
  );
  const { story } = await run();
  expect(story).toContain('has not been decided on yet');
  expect(story).toContain('No client is switched: No server has the image');
});

test('a switch that nobody decides on is told of as asked for, and asked for once', async () => {
  const { world, run } = await start({ switch: 'stage' }, { answer: () => 'stored' });
  const { command, end, story } = await run();
  const operationId = operationIdOf({ id: switchIdOf(operationIdOf(command)) });
  expect(await world.commands.receipts.find(operationId)).toMatchObject({ kind: 'clients.switch' });
  expect([end, world.commands.sent.length]).toEqual([{ status: 'ok' }, 1]);
  expect(story).toContain('2 clients are to be switched');
});

test('a builder that stops meanwhile asks no more', async () => {
  const stopped = new AbortController();
  let looks = 0;
  const { builder } = await start(
    { switch: 'stage' },
    {
      answer: () => {
        looks += 1;
        if (looks === 2) stopped.abort(new Error('the builder stops'));
        return 'stored';
      },
    },
  );
  await builder.send(buildDevCommand(), { signal: stopped.signal });
  expect(looks).toBe(2);
});
