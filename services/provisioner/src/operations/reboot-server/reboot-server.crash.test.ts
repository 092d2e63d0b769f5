import { afterEach, expect, test } from '@jest/globals';
import { streams, type ServerEvent } from '@alfa-cloud/contracts';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';

afterEach(stopRigs);

test('whenever the worker is killed, the reboot goes on, and the server is rebooted once', async () => {
  const env = { ALFA_REBOOT_LOCAL_COMMAND: 'anything' };
  const cloud = fakeLaboratory();
  const rig = await startRig({ cloud, creation: inNoTime, env });
  const registration = rig.registration();
  await rig.send(registration);
  const { serverId } = registration.data;
  await rig.succeed(await rig.creation(serverId));
  const eventsOf = async (operationId: string) =>
    (await rig.store.read<ServerEvent>(streams.server(serverId))).events.flatMap(({ type, data }) =>
      'operationId' in data && data.operationId === operationId ? [type] : [],
    );

  const runWith = async (moment: Moment | null) => {
    cloud.reboots.count = 0;
    const command = commandOf('RebootServer', { serverId });
    const operationId = operationIdOf(command);
    const run = await sendWithCrash(rig, cloud, command, moment, env);
    if ((await rig.eventsOf(operationId)).at(-1)?.type !== 'OperationSucceeded') {
      throw new Error(`${JSON.stringify(moment)}\n${await rig.story(operationId)}`);
    }
    expect({
      moment,
      died: run.died,
      events: await eventsOf(operationId),
      reboots: cloud.reboots.count,
    }).toEqual({
      moment,
      died: moment !== null,
      events: ['ServerRebootBegun', 'ServerDrained', 'ServerRebooted'],
      reboots: 1,
    });
    return run;
  };
  const moments = momentsOf(await runWith(null));
  expect(moments.length).toBeGreaterThan(20);
  for (const moment of moments) await runWith(moment);
});
