import { posix } from 'node:path';
import type { CallOptions } from '../call-options.ts';
import type { ServerMeasurements } from '../cloud-server.ts';
import { parseLoad, parseMemory } from '../local/local-measurements.ts';
import type { Commands } from './commands.ts';

const measureMs = 5000;

/** One command tells all; the root directory may not be there yet, the nearest directory above it lies on the same file system. */
const look = `echo "load $(cat /proc/loadavg)"
echo "cpus $(nproc)"
cat /proc/meminfo
directory=$1
while [ ! -d "$directory" ]; do directory=\${directory%/*}; directory=\${directory:-/}; done
echo "disk $(stat -f -c '%S %b %a' "$directory")"`;

/** Load, memory and disk of a server. */
export const measureOverSsh = async (
  commands: Commands,
  root: string,
  { deadlineMs = measureMs, signal }: CallOptions = {},
): Promise<ServerMeasurements> => {
  const argv = ['/bin/sh', '-c', look, 'sh', posix.normalize(root)];
  const options = signal === undefined ? { deadlineMs } : { deadlineMs, signal };
  const text = await commands.run({ argv }, options).then(
    ({ stdout }) => stdout,
    () => '',
  );
  signal?.throwIfAborted();
  return parseMeasurements(text);
};

/** Null for each value that the text does not tell. */
export const parseMeasurements = (text: string): ServerMeasurements => {
  const word = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1] ?? '';
  const memory = parseMemory(text);
  const disk = /^(\d+) (\d+) (\d+)$/.exec(word('disk'));
  const [blockBytes, blocks, free] = (disk ?? []).slice(1).map(Number);
  const bytes = (count: number | undefined) =>
    blockBytes === undefined || count === undefined ? null : count * blockBytes;
  return {
    load: parseLoad(word('load')),
    cpus: /^\d+$/.test(word('cpus')) ? Number(word('cpus')) : null,
    memoryTotalBytes: memory?.totalBytes ?? null,
    memoryUsedBytes: memory?.usedBytes ?? null,
    diskTotalBytes: bytes(blocks),
    diskFreeBytes: bytes(free),
  };
};
