import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the empty control groups that killed containers leave behind, in both layouts (one tree, or one a controller). */
export async function removeControlGroups(name: string): Promise<void> {
  const top = '/sys/fs/cgroup';
  const controllers = await readdir(top).catch(() => []);
  for (const folder of [top, ...controllers.map((controller) => join(top, controller))]) {
    await removeTree(join(folder, name));
  }
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  // Absent, or still in use for the instant that the kernel needs: the next run looks again.
  await rmdir(folder).catch(() => {});
}
