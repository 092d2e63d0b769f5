import { afterEach, expect, test } from '@jest/globals';
import { newId, streams, type ClientEvent, type Command, type CommandData } from '@alfa-cloud/contracts';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { fakeLaboratory, type FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs, type Rig } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

type Name =
  | 'RebootClient'
  | 'EnableMaintenance'
  | 'DisableMaintenance'
  | 'EnableDemo'
  | 'DisableDemo'
  | 'SetOwnerPassword'
  | 'CountUsers'
  | 'ChangeExpireDate'
  | 'ChangeCloudSettings';
type Action = Command<CommandData<Name>, Name>;

interface Walk {
  rig: Rig;
  cloud: FakeLaboratory;
  clientId: string;
}

/** One operation to be walked through, again and again on one client. */
interface Case {
  /** Makes the client such that the operation has something to do. */
  before?: (walk: Walk) => Action;
  command: (walk: Walk) => Promise<Action> | Action;
  /** Events of the operation on the client. */
  events: ClientEvent['type'][];
  end: 'OperationSucceeded' | 'OperationFailed';
  /** What must be true afterwards. */
  truth: (walk: Walk) => unknown;
  expected: unknown;
}

const page = ({ cloud }: Walk) => cloud.pageOf('first.lab.test')?.status ?? null;
const inSettings = ({ cloud }: Walk) => cloud.database.settings.get('alfa_first');

const cases: Record<string, Case> = {
  reboot: {
    command: ({ clientId }) => commandOf('RebootClient', { clientId }),
    events: ['ClientOperationBegun', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: ({ cloud }) => cloud.engine.containers.get('alfa-first')?.status,
    expected: 'running',
  },
  'maintenance on': {
    before: ({ clientId }) => commandOf('DisableMaintenance', { clientId }),
    command: ({ clientId }) => commandOf('EnableMaintenance', { clientId, message: 'later' }),
    events: ['ClientOperationBegun', 'ClientMaintenanceEnabled', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: (walk) => [page(walk), inSettings(walk)?.message, walk.cloud.commands.at(-1)],
    expected: [503, 'later', 'php artisan down'],
  },
  'maintenance off': {
    before: ({ clientId }) => commandOf('EnableMaintenance', { clientId }),
    command: ({ clientId }) => commandOf('DisableMaintenance', { clientId }),
    events: ['ClientOperationBegun', 'ClientMaintenanceDisabled', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: (walk) => [page(walk), inSettings(walk)?.maintenance, walk.cloud.commands.at(-1)],
    expected: [null, false, 'php artisan up'],
  },
  'maintenance that fails at its last effect': {
    before: ({ clientId }) => commandOf('DisableMaintenance', { clientId }),
    command: ({ clientId, cloud }) => {
      cloud.database.refusedMessage = 'never';
      return commandOf('EnableMaintenance', { clientId, message: 'never' });
    },
    events: ['ClientOperationBegun', 'ClientOperationEnded'],
    end: 'OperationFailed',
    truth: (walk) => [page(walk), inSettings(walk)?.maintenance, walk.cloud.commands.at(-1)],
    expected: [null, false, 'php artisan up'],
  },
  'demo data in': {
    before: ({ clientId }) => commandOf('DisableDemo', { clientId }),
    command: ({ clientId }) => commandOf('EnableDemo', { clientId }),
    events: ['ClientOperationBegun', 'ClientDemoEnabled', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: ({ cloud }) => cloud.commands.at(-1),
    expected: 'php artisan db:seed --class=DemoSeeder --force',
  },
  'demo data out': {
    before: ({ clientId }) => commandOf('EnableDemo', { clientId }),
    command: ({ clientId }) => commandOf('DisableDemo', { clientId }),
    events: ['ClientOperationBegun', 'ClientDemoDisabled', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: ({ cloud }) => cloud.commands.at(-1),
    expected: 'php artisan db:seed --class=DemoInverseSeeder --force',
  },
  "owner's password": {
    command: async ({ rig, clientId }) =>
      commandOf('SetOwnerPassword', { clientId, password: await rig.vault.seal('transport', 'another') }),
    events: ['ClientOperationBegun', 'ClientOwnerPasswordChanged', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: ({ cloud }) => cloud.inputs.at(-1),
    expected: 'owner@first.example\nanother\n',
  },
  'count of users': {
    command: ({ clientId }) => commandOf('CountUsers', { clientId }),
    events: ['ClientOperationBegun', 'ClientUsersCounted', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    truth: () => null,
    expected: null,
  },
  'the last day': {
    before: ({ clientId }) =>
      commandOf('ChangeExpireDate', { clientId, expireDate: '2097-01-01', reason: 'paid' }),
    command: ({ clientId }) =>
      commandOf('ChangeExpireDate', { clientId, expireDate: '2020-01-01', reason: 'left', confirm: true }),
    events: ['ClientExpireDateChanged'],
    end: 'OperationSucceeded',
    truth: (walk) => [page(walk), inSettings(walk)?.expiresAt],
    expected: [403, '2020-01-01 23:59:59'],
  },
  'cloud settings': {
    before: ({ clientId }) => commandOf('ChangeCloudSettings', { clientId, quickStart: true }),
    command: ({ clientId }) => commandOf('ChangeCloudSettings', { clientId, quickStart: false }),
    events: ['ClientCloudSettingsChanged'],
    end: 'OperationSucceeded',
    truth: (walk) => [inSettings(walk)?.quickStart, inSettings(walk)?.tutorial],
    expected: [false, true],
  },
};

test.each(Object.entries(cases))(
  '%s: comes to the same end whenever its worker is killed',
  async (_name, { before, command, events, end, truth, expected }) => {
    const cloud = fakeLaboratory({
      command: (words) => (words.includes('users-count') ? { stdout: '3\n' } : undefined),
    });
    const rig = await startRig({ cloud, creation: inNoTime });
    const registration = rig.registration();
    await rig.send(registration);
    const creation = await rig.creation(registration.data.serverId, { clientId: newId() });
    await rig.send(creation);
    const { clientId } = creation.data;
    const walk = { rig, cloud, clientId };
    const world = await inventory(cloud);

    const runWith = async (moment: Moment | null) => {
      if (before !== undefined) await rig.send(before(walk));
      const sent = await command(walk);
      const run = await sendWithCrash(rig, cloud, sent, moment);
      const operation = await rig.eventsOf(operationIdOf(sent));
      if (operation.at(-1)?.type !== end) {
        throw new Error(`${JSON.stringify(moment)}\n${await rig.story(operationIdOf(sent))}`);
      }
      const stream = (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
      const types = stream.flatMap(({ type, data }) =>
        'operationId' in data && data.operationId === operationIdOf(sent) ? [type] : [],
      );
      expect({ moment, died: run.died, types, truth: await truth(walk) }).toEqual({
        moment,
        died: moment !== null,
        types: events,
        truth: expected,
      });
      expect(await inventory(cloud)).toEqual(world);
      return run;
    };
    const moments = momentsOf(await runWith(null));
    expect(moments.length).toBeGreaterThan(5);
    for (const moment of moments) await runWith(moment);
  },
);
