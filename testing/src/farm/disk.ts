import { open } from 'node:fs/promises';

import { runCommand } from '../run-command.ts';

interface Server {
  run(program: string, ...args: string[]): Promise<string>;
}

/** An empty file system in a file, to be mounted through a loop device; the device goes with the mount. */
export async function makeDisk(file: string, megabytes: number): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  await handle.truncate(megabytes * 1024 ** 2);
  await handle.close();
  await runCommand('mkfs.ext4', ['-q', '-m', '0', file]);
}

const fillerIn = (directory: string) => `${directory}/filler`;

/** Takes all space of the file system whose root is `directory`. */
export async function fillDisk(server: Server, directory: string): Promise<void> {
  // Nearly all at once; then each ends when there is no space left: the first with what is too little for its large blocks, the second with nothing.
  const most = 'fallocate -l "$(($(df --output=avail -B1 "$1" | tail -n 1) - 1048576))" "$0.0"';
  const rest = 'dd if=/dev/zero of="$0.1" bs=64k; dd if=/dev/zero of="$0.2" bs=1k; sync "$0.1" "$0.2"';
  await server.run('sh', '-c', `exec 2>/dev/null; ${most}; ${rest}`, fillerIn(directory), directory);
}

export async function emptyDisk(server: Server, directory: string): Promise<void> {
  await server.run('sh', '-c', 'rm -f "$0".*', fillerIn(directory));
}
