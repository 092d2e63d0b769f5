import { afterEach, expect, test } from '@jest/globals';
import { streams, type ClientEvent, type Command, type CommandData } from '@alfa-cloud/contracts';
import { sampleOf, walkExtent } from '@alfa-cloud/testing';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers, type TwoServers } from '../../../test/moving-servers.ts';
import { loadClient } from '../../domain/load.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const extent = walkExtent(process.env, new Date());
/** Moments of each walk that are tried unless all are. */
const sampled = 20;
/** How a failure is repeated. */
const seed = extent.isFull ? 'all' : `seed ${extent.seed}`;

type Name = 'MoveClient' | 'UndoMove' | 'ReleaseMove';
type Action = Command<CommandData<Name>, Name>;

/** Sends a command to a worker that dies at the moment, and then to another one. */
const send = ({ rig, one, common }: TwoServers, command: Action, moment: Moment | null) =>
  sendWithCrash(rig, one, command, moment, {}, common);

/** What there is of the client on either server, and what its visitors get. */
const truthOf = async ({ rig, one, two, from, clientId }: TwoServers) => {
  const { state } = await loadClient(rig.store, clientId);
  if (state.status !== 'active') throw new Error(`The client is ${state.status}`);
  const status = (lab: typeof one, host: string) =>
    lab.pageOf(host)?.status ?? lab.answer({ port: 8080, host, path: '/healthz' })?.status;
  return {
    lives: state.client.serverId === from ? 'one' : 'two',
    held: state.held?.serverId === undefined ? null : state.held.serverId === from ? 'one' : 'two',
    busy: state.operation,
    one: [one.engine.containers.get('alfa-first')?.status, status(one, 'first.one.test')],
    two: [two.engine.containers.get('alfa-first')?.status, status(two, 'first.two.test')],
    data: [one, two].map((lab) => [
      lab.storage.get('alfa-first-storage'),
      lab.database.content.get('alfa_first'),
    ]),
  };
};

const eventsOf = async ({ rig, clientId }: TwoServers, command: Action): Promise<string[]> => {
  const { events } = await rig.store.read<ClientEvent>(streams.client(clientId));
  return events.flatMap(({ type, data }) =>
    'operationId' in data && data.operationId === operationIdOf(command) ? [type] : [],
  );
};

/** Runs it once without a crash, and then on servers of their own with one at each of its moments. */
const walk = async (
  begin: () => Promise<{ servers: TwoServers; command: Action }>,
  check: (servers: TwoServers, command: Action) => Promise<unknown>,
) => {
  const whole = await begin();
  const run = await send(whole.servers, whole.command, null);
  const expected = await check(whole.servers, whole.command);
  const moments = momentsOf(run);
  expect(moments.length).toBeGreaterThan(sampled);
  const chosen = extent.isFull ? moments : sampleOf(moments, sampled, `${extent.seed} ${whole.command.name}`);
  for (const moment of chosen) {
    const { servers, command } = await begin();
    const { died } = await send(servers, command, moment);
    expect({ moment, died, truth: await check(servers, command) }).toEqual({
      moment,
      died: true,
      truth: expected,
    });
    await stopRigs();
  }
  return expected;
};

test(`a move ends on the new server whenever its worker is killed (${seed})`, async () => {
  const begin = async () => {
    const servers = await twoServers();
    return { servers, command: servers.move() };
  };
  const check = async (servers: TwoServers, command: Action) => ({
    ...(await truthOf(servers)),
    events: await eventsOf(servers, command),
    inventories: [await inventory(servers.one), await inventory(servers.two)],
  });
  expect(await walk(begin, check)).toMatchObject({
    lives: 'two',
    held: 'one',
    busy: null,
    one: ['exited', 308],
    two: ['running', 200],
    data: [
      ['files', 'rows'],
      ['files', 'rows'],
    ],
    events: ['ClientOperationBegun', 'ClientMoved', 'ClientOperationEnded'],
  });
});

test(`a move that fails leaves the client serving, and nothing on the other server, whenever its worker is killed (${seed})`, async () => {
  const begin = async () => {
    const servers = await twoServers({ labs: [{}, { health: () => 500 }] });
    return { servers, command: servers.move() };
  };
  const check = async (servers: TwoServers, command: Action) => ({
    ...(await truthOf(servers)),
    events: await eventsOf(servers, command),
    inventories: [await inventory(servers.one), await inventory(servers.two)],
  });
  expect(await walk(begin, check)).toMatchObject({
    lives: 'one',
    held: null,
    busy: null,
    one: ['running', 200],
    two: [undefined, 404],
    events: ['ClientOperationBegun', 'ClientOperationEnded'],
  });
});

test(`an undone move leaves the client as it was, whenever its worker is killed (${seed})`, async () => {
  const begin = async () => {
    const servers = await twoServers();
    const command = servers.move();
    await servers.rig.succeed(command);
    servers.two.database.content.set('alfa_first', 'rows\nand another one');
    return { servers, command: servers.undo(command) };
  };
  const check = async (servers: TwoServers, command: Action) => ({
    ...(await truthOf(servers)),
    events: await eventsOf(servers, command),
  });
  expect(await walk(begin, check)).toMatchObject({
    lives: 'one',
    held: 'two',
    one: ['running', 200],
    two: ['exited', 308],
    data: [
      ['files', 'rows'],
      ['files', 'rows\nand another one'],
    ],
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientMoveUndone', 'ClientOperationEnded'],
  });
});

test(`what is kept of a move is removed, whenever its worker is killed (${seed})`, async () => {
  const begin = async () => {
    const servers = await twoServers();
    const command = servers.move();
    await servers.rig.succeed(command);
    return { servers, command: servers.release(command) };
  };
  const check = async (servers: TwoServers, command: Action) => ({
    ...(await truthOf(servers)),
    events: await eventsOf(servers, command),
    inventory: await inventory(servers.one),
  });
  expect(await walk(begin, check)).toMatchObject({
    lives: 'two',
    held: null,
    one: [undefined, 404],
    two: ['running', 200],
    events: ['ClientOperationBegun', 'ClientMoveReleased', 'ClientOperationEnded'],
    inventory: { databases: [], databaseUsers: [], clientFiles: [] },
  });
});
