import { Agent, request } from 'node:http';
import { setImmediate as soon } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { Command, CommandData, CommandName } from '@alfa-cloud/contracts';
import { buildAnew, eventually, freePort } from '@alfa-cloud/testing';
import { loadClient } from '../src/domain/load.ts';
import { inventory } from '../src/resources/inventory.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

let server: RealServer;
let cloud: CloudServer;
let rig: Rig;
let httpPort: number;
let clientId: string;

/** Told where every operation is. */
let onMoment = async (_moment: string): Promise<void> => {};

const host = 'switch.lab.test';

beforeAll(async () => {
  server = await startRealServer();
  ({ cloud } = server);
  rig = await startRig({
    cloud,
    creation: { observeMs: 1000 },
    observer: async ({ step, phase }) => onMoment(`${step} ${phase}`),
  });
  httpPort = await freePort();
  const registration = rig.registration({ proxy: { httpPort } });
  await rig.succeed(registration);
  const creation = await rig.creation(registration.data.serverId, { slug: 'switch' });
  clientId = creation.data.clientId;
  await rig.succeed(creation);
}, 300_000);

afterAll(() => server?.dispose());

const endOf = async (command: { id: string }) => (await rig.eventsOf(operationIdOf(command))).at(-1);

/** By a provisioner that waits for health no longer than that. */
const fail = async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
  const { store, vault } = rig;
  const impatient = await startRig({ cloud, store, vault, creation: { observeMs: 1000, healthMs: 8000 } });
  await impatient.send(command);
  const end = await endOf(command);
  if (end?.type !== 'OperationFailed') throw new Error(await rig.story(operationIdOf(command)));
  return end.data;
};

/**
 * One visitor's request: the status, or what went wrong; null when the proxy has closed a connection that was kept, as a server may, and has
 * answered nothing on it: then every browser asks again.
 */
const visit = (path: string, agent: Agent | false = false): Promise<number | string | null> =>
  new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port: httpPort,
      path,
      headers: { Host: host },
      timeout: 20_000,
      agent,
    };
    const call = request(options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', (error) => resolve(error.message));
    });
    call.on('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', (error) => resolve(call.reusedSocket ? null : error.message));
    call.end();
  });

/** What visitors got who asked one after the other for as long as the work took, two with a new connection each time, one as browsers do. */
const visitDuring = async (work: Promise<unknown>) => {
  const over = new AbortController();
  const answers = new Map<number | string, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const visitor = async (path: string, kept: Agent | false = false) => {
    while (!over.signal.aborted) {
      const answer = (await visit(path, kept)) ?? (await visit(path));
      if (answer === null) throw new Error('A new connection was taken for a kept one');
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      await soon();
    }
  };
  const visitors = [visitor('/'), visitor('/healthz'), visitor('/', agent)];
  try {
    await work;
  } finally {
    over.abort();
    await Promise.all(visitors);
    agent.destroy();
  }
  return answers;
};

/** The work must have been worth the while: a loop that never ran proves nothing. */
const only200 = (answers: Map<number | string, number>) => {
  expect([...answers.keys()]).toEqual([200]);
  expect(answers.get(200)).toBeGreaterThan(50);
};

const containersOfClient = async () =>
  (await cloud.docker.inventory()).containers.flatMap(({ name, labels }) =>
    labels['cloud.alfa.client'] === clientId ? [name] : [],
  );

const inspect = () => server.engine.docker.getContainer('alfa-switch').inspect();

test('a switch to the next version loses no request', async () => {
  const before = await inventory(cloud);
  const old = await inspect();
  const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
  only200(await visitDuring(rig.succeed(command)));
  const container = await inspect();
  expect(container.Config.Labels['cloud.alfa.image.reference']).toBe('alfa/client:2');
  expect(container.Id).not.toBe(old.Id);
  expect(await inventory(cloud)).toEqual(before);
});

test.each([
  ['alfa/client:unhealthy', 'healthy', /\/healthz answered 5\d\d/],
  ['alfa/client:broken', 'next', /The container ended with exit code 1.*the release is incomplete/s],
])('a switch to %s loses no request and is rolled back', async (targetImage, step, reason) => {
  const before = await inspect();
  const failed = fail(commandOf('SwitchImage', { clientId, targetImage }));
  only200(await visitDuring(failed));
  const { cause, leftovers } = await failed;
  expect(cause).toMatchObject({ code: 'rolled_back', step, reason: expect.stringMatching(reason) });
  expect(cause.reason).toContain('Last lines of container alfa-switch.next:');
  expect(leftovers).toEqual([]);
  expect(await containersOfClient()).toEqual(['alfa-switch']);
  const after = await inspect();
  expect({ id: after.Id, startedAt: after.State.StartedAt }).toEqual({
    id: before.Id,
    startedAt: before.State.StartedAt,
  });
});

test('a switch that is cancelled under observation leads visitors back, and loses no request', async () => {
  const before = await inspect();
  const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:1' });
  onMoment = async (moment) => {
    if (moment !== 'reachable completed') return;
    await rig.send(commandOf('CancelOperation', { operationId: operationIdOf(command) }));
  };
  only200(await visitDuring(rig.send(command)));
  onMoment = async () => {};
  expect(await endOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
  expect((await inspect()).Id).toBe(before.Id);
  expect(await containersOfClient()).toEqual(['alfa-switch']);
});

test('a rollback leads back to the version before, and loses no request', async () => {
  only200(await visitDuring(rig.succeed(commandOf('RollBackImage', { clientId }))));
  expect((await inspect()).Config.Labels['cloud.alfa.image.reference']).toBe('alfa/client:1');
  expect(await containersOfClient()).toEqual(['alfa-switch']);
  // The alias outlives the renaming and a new start.
  await rig.succeed(commandOf('RebootClient', { clientId }));
  expect(await visit('/')).toBe(200);
});

test('changed limits are those of the container afterwards, and no request is lost', async () => {
  const limits = { memoryMb: 300, cpus: 0.5, pids: 77 };
  only200(await visitDuring(rig.succeed(commandOf('ChangeClient', { clientId, limits }))));
  expect((await inspect()).HostConfig).toMatchObject({
    Memory: 300 * 1024 * 1024,
    NanoCpus: 5e8,
    PidsLimit: 77,
  });
});

test('further host names answer as the client, and the container stays', async () => {
  const before = await inspect();
  const look = async (name: string) => cloud.get({ port: httpPort, host: name, path: '/' });
  const change = commandOf('ChangeClient', { clientId, aliases: ['lab.example'] });
  expect([...(await visitDuring(rig.succeed(change))).keys()]).toEqual([200]);
  expect(await look('lab.example')).toMatchObject({ status: 200, headers: { 'x-alfa-client': 'switch' } });
  expect((await inspect()).Id).toBe(before.Id);
  await rig.succeed(commandOf('ChangeClient', { clientId, aliases: [] }));
  // For a moment after a reload an old worker of the proxy may answer.
  await eventually('the name is gone', async () => (await look('lab.example')).status === 404);
});

describe('an image that is built anew under its name while a client runs from it', () => {
  const reference = 'alfa/client:rolling';

  const build = () =>
    buildAnew(server.engine.docker, { repository: 'alfa/client', tag: 'rolling' }, 'alfa/client:2');
  const prune = () => server.engine.docker.pruneImages({ filters: { dangling: ['true'] } });
  const switched = () => rig.succeed(commandOf('SwitchImage', { clientId, targetImage: reference }));
  const state = async () => {
    const client = (await loadClient(rig.store, clientId)).state;
    if (client.status !== 'active') throw new Error('no client');
    return client;
  };
  const imagesOffered = async () => {
    const { client } = await state();
    return (await rig.askQueries.ask('GetServerImages', { id: client.serverId })).result.items;
  };

  test('it is switched to and rolled back from without a lost request, by ids, whatever is pruned meanwhile', async () => {
    const first = await build();
    await switched();
    expect((await inspect()).Image).toBe(first);
    const second = await build();
    await prune();
    expect((await inspect()).Image).toBe(first);
    expect((await imagesOffered()).filter(({ id }) => [first, second].includes(id))).toMatchObject([
      { id: second, references: [reference], clientIds: [] },
      { id: first, references: [], clientIds: [clientId] },
    ]);

    // A new container for other reasons is made from what the client runs from.
    await rig.succeed(commandOf('ChangeClient', { clientId, limits: { memoryMb: 310 } }));
    expect((await inspect()).Image).toBe(first);

    only200(await visitDuring(switched()));
    expect((await inspect()).Image).toBe(second);
    expect(await state()).toMatchObject({ imageId: second, previousImage: { reference, id: first } });
    await build();
    await prune();
    only200(await visitDuring(rig.succeed(commandOf('RollBackImage', { clientId }))));
    expect((await inspect()).Image).toBe(first);
    await prune();
    await rig.succeed(commandOf('RollBackImage', { clientId }));
    expect((await inspect()).Image).toBe(second);
    expect((await imagesOffered()).flatMap(({ references }) => references)).not.toContainEqual(
      expect.stringContaining('alfa-keep'),
    );
  }, 240_000);

  test('nothing of the images that were kept for the client stays when it is deleted', async () => {
    await rig.succeed(commandOf('DeleteClient', { clientId, confirm: 'switch' }));
    const images = await cloud.docker.images();
    expect(images.flatMap(({ references }) => references)).not.toContainEqual(
      expect.stringContaining('alfa-keep'),
    );
  });
});
