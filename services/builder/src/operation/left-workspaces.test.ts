import { afterEach, expect, test } from '@jest/globals';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addServer,
  buildDevCommand,
  endWorlds,
  fakeEngine,
  newWorld,
  operationIdOf,
  startBuilder,
} from '../testing/rig.ts';

afterEach(endWorlds);

test('a builder that starts removes workspaces of builds that have ended, and no others', async () => {
  const world = await newWorld();
  await addServer(world, 'builds', fakeEngine(), { role: 'build' });
  const first = await startBuilder(world);
  const command = buildDevCommand();
  await first.send(command);
  await first.stop();
  const workspaces = join(world.directory, 'builder', 'workspaces');
  for (const name of [operationIdOf(command), operationIdOf(buildDevCommand()), 'notes'])
    await mkdir(join(workspaces, name, 'app'), { recursive: true });
  const kept = (await readdir(workspaces)).filter((name) => name !== operationIdOf(command));
  await startBuilder(world);
  expect((await readdir(workspaces)).toSorted()).toEqual(kept.toSorted());
  expect(kept).toHaveLength(2);
});
