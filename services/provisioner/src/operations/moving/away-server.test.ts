import { afterEach, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/moving-servers.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const away = () => new CloudServerError('transient', 'docker_unreachable', message`away`);
/** Not waited for. */
const gone = () => new CloudServerError('final', 'docker_unreachable', message`gone`);

test('a move whose new server goes away behind the page opens the client before that one is back, and then leaves nothing there', async () => {
  let during: string | null = null;
  const servers = await twoServers({
    labs: [{}, { health: () => 500 }],
    rig: {
      observer: async ({ operationId, step, phase }) => {
        if (operationId === during && step === 'start' && phase === 'failed') two.engine.outage = away();
      },
    },
  });
  const { rig, one, two, move } = servers;
  const before = await inventory(two);
  const moving = move();
  during = operationIdOf(moving);
  const sent = rig.send(moving);
  await eventually('the former server is back in service', async () =>
    (await rig.eventsOf(operationIdOf(moving))).some(
      ({ type, data }) => type === 'OperationStepCompensated' && data.step === 'page',
    ),
  );
  expect(one.engine.containers.get('alfa-first')?.status).toBe('running');
  expect([one.pageOf('first.one.test'), two.engine.containers.has('alfa-first')]).toEqual([null, true]);
  two.engine.outage = null;
  await sent;
  expect(await inventory(two)).toEqual(before);
});

test('a container that a failed move could not remove does not keep the next move from coming there', async () => {
  let during: string | null = null;
  const health = { status: 500 };
  const servers = await twoServers({
    labs: [{}, { health: () => health.status }],
    rig: {
      observer: async ({ operationId, step, phase }) => {
        if (operationId === during && step === 'start' && phase === 'failed') {
          two.engine.outage = gone();
        }
      },
    },
  });
  const { rig, two, move } = servers;
  const failing = move();
  during = operationIdOf(failing);
  await rig.send(failing);
  const end = (await rig.eventsOf(during)).at(-1);
  expect(end?.data).toMatchObject({ leftovers: expect.arrayContaining(['start', 'target']) });
  two.engine.outage = null;
  expect(two.engine.containers.get('alfa-first')?.status).toBe('running');
  health.status = 200;
  await rig.succeed(move());
  expect(two.engine.containers.get('alfa-first')?.status).toBe('running');
});

test('a client whose container could not be started again stays closed, says so, and is opened by a reboot', async () => {
  let during: string | null = null;
  const { rig, one, clientId, move } = await twoServers({
    labs: [{}, { health: () => 500 }],
    rig: {
      observer: async ({ operationId, step, phase }) => {
        if (operationId === during && step === 'start' && phase === 'failed') one.engine.outage = gone();
      },
    },
  });
  const failing = move();
  during = operationIdOf(failing);
  await rig.send(failing);
  const events = await rig.eventsOf(during);
  const page = events.find(({ type, data }) => type === 'OperationStepCompensated' && data.step === 'page');
  expect(page?.data).toMatchObject({
    detail: expect.stringContaining('could not be started again: reboot it'),
  });
  one.engine.outage = null;
  await rig.succeed(commandOf('RebootClient', { clientId }));
  await rig.succeed(commandOf('DisableMaintenance', { clientId }));
  expect(one.engine.containers.get('alfa-first')).toMatchObject({
    status: 'running',
    spec: { restart: 'always' },
  });
  expect(one.pageOf('first.one.test')).toBeNull();
});

test('a move that is taken back while the former server does not answer at the end leaves nothing over', async () => {
  const { rig, two, common, from, move } = await twoServers({ labs: [{}, { health: () => 500 }] });
  const before = await inventory(two);
  common.transfer.end = async ({ server }) => {
    if (server.id === from) throw away();
  };
  const failing = move();
  await rig.send(failing);
  const events = await rig.eventsOf(operationIdOf(failing));
  expect(events.at(-1)).toMatchObject({ type: 'OperationFailed', data: { leftovers: [] } });
  const target = events.find(
    ({ type, data }) => type === 'OperationStepCompensated' && data.step === 'target',
  );
  expect(target?.data).toMatchObject({ detail: expect.stringContaining('Server one does not answer') });
  expect(await inventory(two)).toEqual(before);
});
