/**
 * (d) Memory of the whole embedded product at rest: `npm start` with an empty data directory, measured after it has been ready and idle
 * for a while. Shown for each process: resident memory, and the proportional share, in which pages shared by processes count once.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { report } from './report.ts';

const idleMs = 15_000;
const readyDeadlineMs = 60_000;
const aimMib = 300;

interface ProcessMemory {
  process: string;
  residentMib: number;
  proportionalMib: number;
}

const measure = async (pid: number): Promise<ProcessMemory> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  const name = words.find((word) => /main\.ts$|nats-server$/.test(word)) ?? words[0] ?? '';
  return {
    process: name.split('/').slice(-4).join('/'),
    residentMib: mib('Rss'),
    proportionalMib: mib('Pss'),
  };
};

const descendants = async (root: number): Promise<number[]> => {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow);
};

const directory = await mkdtemp(join(tmpdir(), 'alfa-bench-memory-'));
const port = 18_080;
const product = spawn(process.execPath, ['embedded/src/main.ts'], {
  env: {
    ...process.env,
    ALFA_DATA_DIR: directory,
    ALFA_HTTP_PORT: String(port),
    ALFA_OPERATIONS_PORT: '0',
    ALFA_LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'ignore', 'ignore'],
});
try {
  const isReady = async () =>
    (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null))?.ok === true;
  for (const end = performance.now() + readyDeadlineMs; !(await isReady()); await pause(200)) {
    if (performance.now() > end) throw new Error('The product did not become ready');
  }
  await pause(idleMs);
  const rows = await Promise.all((await descendants(Number(product.pid))).map(measure));
  const sum = (key: 'residentMib' | 'proportionalMib') => rows.reduce((total, row) => total + row[key], 0);
  const total = { process: 'all', residentMib: sum('residentMib'), proportionalMib: sum('proportionalMib') };
  await report(
    'memory',
    'Memory at rest, MiB',
    [...rows, total],
    [
      {
        name: 'resident memory of all processes, MiB',
        value: total.residentMib,
        aim: `< ${aimMib}`,
        met: total.residentMib < aimMib,
      },
    ],
  );
} finally {
  product.kill('SIGTERM');
  await new Promise((resolve) => product.once('exit', resolve));
  await rm(directory, { recursive: true, force: true });
}
