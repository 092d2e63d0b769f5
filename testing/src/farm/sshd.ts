import { closeSync, openSync } from 'node:fs';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { processIds } from '../child-process.ts';
import { eventually } from '../eventually.ts';
import type { Machine } from '../engine/machine.ts';
import { keyTypes } from './keys.ts';

const port = 22;

/** Starts the server's sshd and waits until it greets. `settings` go before the usual ones, so that they win. */
export async function startSshd(
  machine: Machine,
  folder: string,
  address: string,
  settings: readonly string[],
): Promise<void> {
  const configuration = join(folder, 'sshd_config');
  await writeFile(configuration, [...settings, ...usual(folder), ''].join('\n'));
  const log = openSync(logOf(folder), 'a');
  const wrapper = machine.run('/usr/sbin/sshd', ['-D', '-e', '-f', configuration], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  wrapper.unref();
  await eventually('sshd to greet', async () => {
    if (wrapper.exitCode !== null) throw new Error(await readFile(logOf(folder), 'utf8'));
    return greets(address);
  });
}

export const logOf = (folder: string) => join(folder, 'sshd.log');

/**
 * The lines of a part of sshd's log that name a connection which begins in that part; `undefined` while there is none, or one of them is open.
 * A line names its connection by the port of the client.
 */
export function linesOfNewConnections(log: string): string | undefined {
  const ports = [...log.matchAll(/^Connection from \S+ port (\d+)/gm)].map(([, port]) => port);
  const lines = ports.map((port) =>
    log.split('\n').filter((line) => new RegExp(`port ${port}\\b`).test(line)),
  );
  const ended = lines.filter((of) =>
    of.some((line) => /^(Disconnected from|Connection (closed|reset) by)/.test(line)),
  );
  return ports.length > 0 && ended.length === ports.length ? lines.flat().join('\n') : undefined;
}

const usual = (folder: string) => [
  `Port ${port}`,
  ...keyTypes.map((type) => `HostKey ${hostKeyFile(folder, type)}`),
  'AuthorizedKeysFile /run/authorized_keys',
  'PermitRootLogin prohibit-password',
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'UsePAM no',
  'UseDNS no',
  'PidFile none',
  'LogLevel VERBOSE',
  'Subsystem sftp internal-sftp',
];

export const hostKeyFile = (folder: string, type: string) => join(folder, `host_${type}`);

async function greets(address: string): Promise<boolean> {
  const socket = connect({ host: address, port, timeout: 1000 });
  try {
    return await new Promise((resolve, reject) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
      socket.once('timeout', () => resolve(false));
      socket.once('error', reject);
    });
  } finally {
    socket.destroy();
  }
}

/** kill -9 of everything that is sshd in the machine, sessions too; what they have started goes on. */
export async function killSshd(machine: Machine): Promise<void> {
  for (const pid of await processesOf(machine)) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name.startsWith('sshd')) killIfThere(pid);
  }
}

/** A session ends by itself when the process before it is killed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The ids, as the host counts, of what runs in a machine, in its containers not. */
export async function processesOf({ init }: Machine): Promise<number[]> {
  const space = (pid: number) => readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
  const own = await space(init);
  const ids = await processIds();
  const spaces = await Promise.all(ids.map(space));
  return ids.filter((_, index) => own !== undefined && spaces[index] === own);
}
