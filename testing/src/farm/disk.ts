import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../run-command.ts';

const diskBytes = 64 * 1024 ** 2;
const filler = '/srv/filler';

interface Server {
  run(program: string, ...args: string[]): Promise<string>;
}

/** An empty file system in a file, which boot.sh mounts through a loop device; the device goes with the mount. */
export async function makeDisk(folder: string): Promise<void> {
  const file = join(folder, 'disk.img');
  const handle = await open(file, 'w', 0o600);
  await handle.truncate(diskBytes);
  await handle.close();
  await runCommand('mkfs.ext4', ['-q', '-m', '0', file]);
}

export async function fillDisk(server: Server): Promise<void> {
  // Both end when there is no space left: the first with what is too little for its large blocks, the second with nothing.
  const fill = 'dd if=/dev/zero of="$0.1" bs=64k; dd if=/dev/zero of="$0.2" bs=1k; sync "$0.1" "$0.2"';
  await server.run('sh', '-c', `exec 2>/dev/null; ${fill}`, filler);
}

export async function emptyDisk(server: Server): Promise<void> {
  await server.run('sh', '-c', 'rm -f "$0".*', filler);
}
