import { afterEach, expect, test } from '@jest/globals';
import { streams, type ClientEvent } from '@alfa-cloud/contracts';
import { sampleOf, walkExtent } from '@alfa-cloud/testing';
import { backupElsewhere } from '../../../test/backup-elsewhere.ts';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { operationIdOf, stopRigs } from '../../../test/rig.ts';
import type { FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

const extent = walkExtent(process.env, new Date());
/** Moments of each walk that are tried unless all are. */
const sampled = 15;
const seed = extent.isFull ? 'all' : `seed ${extent.seed}`;

/** One restoration of a backup that lies on another server, whose worker dies at a moment; what there is afterwards. */
const runWith = async (moment: Moment | null, options: FakeLaboratoryOptions) => {
  const servers = await backupElsewhere(options);
  const { rig, here, there, common, other, directory, moves } = servers;
  there.database.content.set('alfa_second', 'its own');
  there.storage.set('alfa-second-storage', 'its own');
  const before = [await inventory(here), await inventory(there)];
  const command = servers.restoration();
  const run = await sendWithCrash(rig, here, command, moment, {}, common);
  const stream = (await rig.store.read<ClientEvent>(streams.client(other))).events;
  const truth = {
    end: (await rig.eventsOf(operationIdOf(command))).at(-1)?.type,
    moved: (await moves()).length,
    events: stream.flatMap(({ type, data }) =>
      'operationId' in data && data.operationId === operationIdOf(command) ? [type] : [],
    ),
    backup: await Promise.all(
      [here, there].map(async ({ files }) => withoutMarks(await files.list(directory))),
    ),
    data: [there.database.content.get('alfa_second'), there.storage.get('alfa-second-storage')],
    page: there.pageOf('second.away.test'),
    container: there.engine.containers.get('alfa-second')?.status,
    sameThings: JSON.stringify([await inventory(here), await inventory(there)]) === JSON.stringify(before),
  };
  await stopRigs();
  return { run, truth };
};

/** A restoration leaves its marks beside the files. */
const withoutMarks = (names: readonly string[] | null): string[] | null =>
  names?.filter((name) => !/^(begun|ended)-/.test(name)).toSorted() ?? null;

const files = ['database.sql.gz', 'manifest.json', 'storage.tar.gz'];

const cases: Record<string, { lab?: FakeLaboratoryOptions; expected: object }> = {
  'is brought and restored': {
    expected: {
      end: 'OperationSucceeded',
      moved: 1,
      events: ['ClientOperationBegun', 'ClientBackedUp', 'ClientRestored', 'ClientOperationEnded'],
      backup: [null, files],
      data: ['data', 'files'],
      page: null,
      container: 'running',
      sameThings: true,
    },
  },
  'comes damaged and stays where it was': {
    lab: {
      script: (name) =>
        name === 'alfa-backup-in'
          ? { exitCode: 92, stderr: 'File database.sql.gz is not what it was' }
          : undefined,
    },
    expected: {
      end: 'OperationFailed',
      moved: 0,
      events: ['ClientOperationBegun', 'ClientOperationEnded'],
      backup: [files, null],
      data: ['its own', 'its own'],
      page: null,
      container: 'running',
      sameThings: true,
    },
  },
};

test.each(Object.entries(cases))(
  `a backup of another server %s, whenever the worker is killed (${seed})`,
  async (what, { lab = {}, expected }) => {
    const whole = await runWith(null, lab);
    expect(whole.truth).toEqual(expected);
    const moments = momentsOf(whole.run);
    const chosen = extent.isFull ? moments : sampleOf(moments, sampled, `${extent.seed} ${what}`);
    for (const moment of chosen) {
      const { run, truth } = await runWith(moment, lab);
      expect({ moment, died: run.died, truth }).toEqual({ moment, died: true, truth: expected });
    }
  },
  extent.isFull ? 600_000 : 120_000,
);
