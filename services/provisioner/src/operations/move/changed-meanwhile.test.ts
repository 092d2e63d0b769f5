import { afterEach, expect, test } from '@jest/globals';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/moving-servers.ts';

afterEach(stopRigs);

const changed = { expiresAt: '2051-02-03 23:59:59', quickStart: false, tutorial: false };

/** Moves a client there and back; when the step of the one or the other begins, its last day and its settings change. */
const changeDuring = async (kind: 'move' | 'undo', step: string) => {
  let during: string | null = null;
  let change = async () => {};
  const servers = await twoServers({
    client: { expireDate: '2050-06-15' },
    rig: {
      observer: async ({ operationId, step: begun, phase }) =>
        operationId === during && begun === step && phase === 'started' ? change() : undefined,
    },
  });
  const { rig, clientId, one, two, move, undo } = servers;
  const ends: (string | undefined)[] = [];
  change = async () => {
    for (const command of [
      commandOf('ChangeExpireDate', { clientId, expireDate: '2051-02-03', reason: 'paid' }),
      commandOf('ChangeCloudSettings', { clientId, quickStart: false, tutorial: false }),
    ]) {
      await rig.send(command);
      ends.push((await rig.eventsOf(operationIdOf(command))).at(-1)?.type);
    }
  };
  const moving = move();
  if (kind === 'move') during = operationIdOf(moving);
  await rig.succeed(moving);
  if (kind === 'undo') {
    const undoing = undo(moving);
    during = operationIdOf(undoing);
    await rig.succeed(undoing);
  }
  const { settings } = (kind === 'move' ? two : one).database;
  return { ends, settings: settings.get('alfa_first') };
};

test.each([
  ['move', 'storage'],
  ['move', 'verify'],
  ['move', 'repoint'],
  ['move', 'open'],
  ['undo', 'vhost'],
  ['undo', 'repoint'],
] as const)(
  'what is changed of a client in the %s, before %s, is told to the application where it is afterwards',
  async (kind, step) => {
    expect(await changeDuring(kind, step)).toMatchObject({
      ends: ['OperationSucceeded', 'OperationSucceeded'],
      settings: changed,
    });
  },
);
