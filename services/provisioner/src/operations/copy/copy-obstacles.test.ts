import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { afterEach, expect, test } from '@jest/globals';
import { copyWorld } from '../../../test/copy-world.ts';
import { stopRigs } from '../../../test/rig.ts';
import { final, transient } from '../../on-server/failures.ts';
import { transferBetweenServers } from '../../resources/transfer/transfer-between-servers.ts';

afterEach(stopRigs);

test.each(['a new copy', 'one that is there'])(
  'servers that do not fit end %s at its check, and a plan tells it',
  async (what) => {
    const { rig, stage, clientId, stageId, copying, send, onStage } = await copyWorld();
    if (what !== 'a new copy') await send(copying());
    const before = JSON.stringify(await onStage());
    const codes = async () => {
      const { result } = await rig.askQueries.ask('PlanCopy', { clientId, targetServer: stageId });
      const end = await send(copying({ confirm: true }));
      expect(JSON.stringify(await onStage())).toBe(before);
      return [result.obstacles.map(({ code }) => code), end];
    };
    stage.engine.info = { ...stage.engine.info, architecture: 'aarch64' };
    expect(await codes()).toEqual([['architecture_differs'], 'architecture_differs']);
    stage.engine.info = { ...stage.engine.info, architecture: 'x86_64' };
    stage.database.version = '10.6.12-MariaDB';
    expect(await codes()).toEqual([['database_older'], 'database_older']);
    stage.database.version = '10.11.2-MariaDB';
    const disk = { path: '/', totalBytes: 10 ** 12, usedBytes: 0, inodes: null, inodesFree: null };
    stage.measurements.fileSystems = [{ ...disk, freeBytes: 1000 }];
    expect(await codes()).toEqual([['disk_too_small'], 'disk_too_small']);
  },
);

const unreachable = new CloudServerError('transient', 'server_unreachable', message`no answer`);

test.each([
  ['a server that does not answer', unreachable, 'server_unreachable', 'no answer'],
  [
    'a database that is busy',
    transient('database_failed', message`too many`),
    'server_unreachable',
    'too many',
  ],
  [
    'a database that is gone',
    final('database_failed', message`no database`),
    'transfer_impossible',
    'no database',
  ],
])('%s is told by plans of copies and of moves alike', async (_what, error, code, words) => {
  const measure = () => Promise.reject(error);
  const world = await copyWorld({ rig: { transfer: { ...transferBetweenServers, measure } } });
  const { rig, clientId, stageId: targetServer } = world;
  const copy = (await rig.askQueries.ask('PlanCopy', { clientId, targetServer })).result;
  const [move] = (await rig.askQueries.ask('PlanMoves', { clientIds: [clientId], targetServer })).result
    .items;
  expect([copy.source, move?.databaseBytes]).toEqual([null, null]);
  const told = { template: 'The client could not be measured: {}', values: [{ template: words }] };
  expect([copy.obstacles, move?.obstacles]).toMatchObject([
    [{ code, message: told }],
    [{ code, message: told }],
  ]);
});

test('an error that is none of a server is no obstacle', async () => {
  const measure = () => Promise.reject(new Error('a bug'));
  const { rig, clientId, stageId } = await copyWorld({
    rig: { transfer: { ...transferBetweenServers, measure } },
  });
  const asked = { clientIds: [clientId], targetServer: stageId };
  await expect(rig.askQueries.ask('PlanMoves', asked)).rejects.toThrow('internal');
});
