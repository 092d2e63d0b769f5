import { afterEach, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { eventually } from '@alfa-cloud/testing';
import { operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/moving-servers.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const away = () => new CloudServerError('transient', 'docker_unreachable', message`away`);

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
