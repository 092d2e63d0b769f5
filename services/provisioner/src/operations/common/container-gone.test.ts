import { afterEach, expect, test } from '@jest/globals';
import type { Command, CommandData } from '@alfa-cloud/contracts';
import { world } from '../../../test/backups-world.ts';
import type { FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, operationIdOf, stopRigs, type Rig } from '../../../test/rig.ts';

afterEach(stopRigs);

type Name =
  'RebootClient' | 'MigrateClient' | 'EnableDemo' | 'SetOwnerPassword' | 'CountUsers' | 'RestoreClient';

const gone = {
  code: 'container_gone',
  reason: expect.stringMatching(
    /^Container alfa-first is not on the server: a deployment \(\/clients\/deploy\?serverId=\S+\) makes it anew$/,
  ),
};

/** Failures of the operation's steps, and how it ended. */
const failuresOf = async (rig: Rig, command: { id: string }) => {
  const events = await rig.eventsOf(operationIdOf(command));
  return {
    failures: events.flatMap(({ type, data }) => (type === 'OperationStepFailed' ? [data] : [])),
    end: events.at(-1),
  };
};

const removed = (cloud: FakeLaboratory) => cloud.docker.removeContainer('alfa-first');

test.each<[Name, (clientId: string, backupId: string, password: string) => Command<CommandData<Name>, Name>]>(
  [
    ['RebootClient', (clientId) => commandOf('RebootClient', { clientId })],
    ['MigrateClient', (clientId) => commandOf('MigrateClient', { clientId })],
    ['EnableDemo', (clientId) => commandOf('EnableDemo', { clientId })],
    [
      'SetOwnerPassword',
      (clientId, _backupId, password) => commandOf('SetOwnerPassword', { clientId, password }),
    ],
    ['CountUsers', (clientId) => commandOf('CountUsers', { clientId })],
    [
      'RestoreClient',
      (clientId, backupId) => commandOf('RestoreClient', { clientId, backupId, confirm: true }),
    ],
  ],
)('%s of a client whose container is gone ends at its first attempt and touches no data', async (_, wish) => {
  const { rig, cloud, clientId, backUp } = await world();
  const backupId = await backUp();
  cloud.database.content.set('alfa_first', 'newer data');
  await removed(cloud);
  const files = [...cloud.disk.files.keys()];
  const command = wish(clientId, backupId, await rig.vault.seal('transport', 'another'));
  await rig.send(command);
  const { failures, end } = await failuresOf(rig, command);
  expect(failures).toMatchObject([{ ...gone, attempt: 1, retryInMs: null }]);
  expect(end).toMatchObject({ type: 'OperationFailed', data: { cause: gone, leftovers: [] } });
  expect(cloud.database.content.get('alfa_first')).toBe('newer data');
  expect([...cloud.disk.files.keys()]).toEqual(files);
});

test('a command whose container somebody removes under it is not begun again', async () => {
  let isRemoved = false;
  const { rig, cloud, clientId } = await world({
    command(words) {
      if (!words.includes('alfa:users-count')) return undefined;
      isRemoved = cloud.engine.containers.delete('alfa-first');
      return { exitCode: 137 };
    },
  });
  const command = commandOf('CountUsers', { clientId });
  await rig.send(command);
  expect(isRemoved).toBe(true);
  const { failures } = await failuresOf(rig, command);
  expect(failures).toMatchObject([
    { code: 'command_cut_off', attempt: 1 },
    { ...gone, attempt: 2, retryInMs: null },
  ]);
});

test('maintenance does not need the container', async () => {
  const { rig, cloud, clientId } = await world();
  await removed(cloud);
  await rig.succeed(commandOf('EnableMaintenance', { clientId }));
  await rig.succeed(commandOf('DisableMaintenance', { clientId }));
});
