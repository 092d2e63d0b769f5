import { afterEach, expect, test } from '@jest/globals';
import { newId, streams, type ClientEvent, type Command, type CommandData } from '@alfa-cloud/contracts';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { fakeLaboratory, type FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs, type Rig } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';
import { backupIdOf } from '../steps/backup.ts';

afterEach(stopRigs);

type Name = 'BackUpClient' | 'MigrateClient' | 'RestoreClient' | 'DeleteClient';
type Sent = Command<CommandData<Name>, Name>;

interface Walk {
  rig: Rig;
  cloud: FakeLaboratory;
  clientId: string;
  /** A backup of the client as it was at first. */
  backupId: string;
}

/** One operation to be walked through, each time on a client of its own. */
interface Case {
  command: (walk: Walk) => Sent;
  /** What the migration does to the database, and how it ends. */
  migrates?: { to: string; exitCode: number };
  health?: (walk: Pick<Walk, 'cloud'>) => number;
  /** Events of the operation on the client. */
  events: ClientEvent['type'][];
  end: 'OperationSucceeded' | 'OperationFailed';
  /** What the client has afterwards; null: nothing at all. */
  data: { database: string; storage: string } | null;
}

const restoration = ({ clientId, backupId }: Walk) =>
  commandOf('RestoreClient', { clientId, backupId, confirm: true });

const cases: Record<string, Case> = {
  backup: {
    command: ({ clientId }) => commandOf('BackUpClient', { clientId, kind: 'manual' }),
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    data: { database: 'later', storage: 'later' },
  },
  migration: {
    command: ({ clientId }) => commandOf('MigrateClient', { clientId }),
    migrates: { to: 'migrated', exitCode: 0 },
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    data: { database: 'migrated', storage: 'later' },
  },
  'migration that fails half way': {
    command: ({ clientId }) => commandOf('MigrateClient', { clientId }),
    migrates: { to: 'half migrated', exitCode: 1 },
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientOperationEnded'],
    end: 'OperationFailed',
    data: { database: 'later', storage: 'later' },
  },
  restoration: {
    command: restoration,
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientRestored', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    data: { database: 'first', storage: 'first' },
  },
  'restoration of what the application can not live with': {
    command: restoration,
    health: ({ cloud }) => (cloud.database.content.get('alfa_first') === 'first' ? 500 : 200),
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientOperationEnded'],
    end: 'OperationFailed',
    data: { database: 'later', storage: 'later' },
  },
  deletion: {
    command: ({ clientId }) => commandOf('DeleteClient', { clientId, confirm: 'first' }),
    events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientDeleted', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    data: null,
  },
};

const volume = 'alfa-first-storage';

test.each(Object.entries(cases))(
  '%s: comes to the same end whenever its worker is killed',
  async (_name, { command, migrates, health, events, end, data }) => {
    const runWith = async (moment: Moment | null) => {
      let fromNow = false;
      const cloud: FakeLaboratory = fakeLaboratory({
        command: (words) => {
          if (!fromNow || migrates === undefined || !words.includes('migrate')) return undefined;
          cloud.database.content.set('alfa_first', migrates.to);
          return { exitCode: migrates.exitCode };
        },
        health: () => (fromNow ? (health?.({ cloud }) ?? 200) : 200),
      });
      const rig = await startRig({ cloud, creation: inNoTime });
      const registration = rig.registration();
      await rig.send(registration);
      const empty = await inventory(cloud);
      const creation = await rig.creation(registration.data.serverId, { clientId: newId() });
      await rig.send(creation);
      const { clientId } = creation.data;
      const fill = (content: string) => {
        cloud.database.content.set('alfa_first', content);
        cloud.storage.set(volume, content);
      };
      fill('first');
      const backup = commandOf('BackUpClient', { clientId, kind: 'manual' });
      await rig.send(backup);
      fill('later');
      const full = await inventory(cloud);
      fromNow = true;

      const backupId = backupIdOf(operationIdOf(backup));
      const sent = command({ rig, cloud, clientId, backupId });
      const run = await sendWithCrash(rig, cloud, sent, moment);
      const operation = await rig.eventsOf(operationIdOf(sent));
      if (operation.at(-1)?.type !== end) {
        throw new Error(`${JSON.stringify(moment)}\n${await rig.story(operationIdOf(sent))}`);
      }
      const stream = (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
      const types = stream.flatMap(({ type, data: facts }) =>
        'operationId' in facts && facts.operationId === operationIdOf(sent) ? [type] : [],
      );
      const recorded = stream.flatMap(({ type, data: facts }) =>
        type === 'ClientBackedUp' ? [facts.backupId] : [],
      );
      const page = cloud.pageOf('first.lab.test')?.status ?? null;
      expect({ moment, died: run.died, types, page, left: await inventory(cloud) }).toEqual({
        moment,
        died: moment !== null,
        types: events,
        page: null,
        left: data === null ? empty : full,
      });
      // What is recorded is there with all its files, and nothing else is.
      expect((await cloud.files.list(`backups/${clientId}`))?.sort()).toEqual(recorded.sort());
      expect([
        cloud.database.content.get('alfa_first'),
        data === null ? undefined : cloud.storage.get(volume),
      ]).toEqual([data?.database, data?.storage]);
      const isReadable = await rig.vault.open(await secretsOf(stream)).then(
        () => true,
        () => false,
      );
      expect(isReadable).toBe(data !== null);
      return run;
    };
    const moments = momentsOf(await runWith(null));
    expect(moments.length).toBeGreaterThan(15);
    for (const moment of moments) await runWith(moment);
  },
);

const secretsOf = async (stream: readonly ClientEvent[]): Promise<string> => {
  const [requested] = stream;
  if (requested?.type !== 'ClientCreationRequested') throw new Error('The client has no beginning');
  return requested.data.secrets;
};
