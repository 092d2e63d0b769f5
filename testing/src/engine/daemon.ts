import { openSync, closeSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import Docker from 'dockerode';

import { isAlive, onlyChildOf } from '../child-process.ts';
import { eventually } from '../eventually.ts';
import type { Machine } from './machine.ts';
import type { Slot } from './slot.ts';

/** A dockerd that answers. */
export interface Daemon {
  readonly pid: number;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** What of a daemon depends on where it stands. */
export interface DaemonSite {
  readonly ownNetwork: boolean;
  /** Where it listens beside the slot's own socket, as the machine names the paths. */
  readonly sockets?: readonly string[];
}

/** Starts dockerd inside a machine and waits for its answer to a ping; failing that, the error carries its last log lines. */
export async function startDaemon(machine: Machine, slot: Slot, site: DaemonSite): Promise<Daemon> {
  // Process ids of an earlier life: in a new machine somebody else has them and dockerd would take that for itself.
  await rm(pidFile(slot), { force: true });
  await rm(join(slot.runFolder, 'exec/containerd/containerd.pid'), { force: true });
  await writeFile(configurationFile(slot), '{}');
  const logPath = join(slot.runFolder, 'dockerd.log');
  const log = openSync(logPath, 'a');
  const wrapper = machine.run('dockerd', daemonArguments(slot, site), {
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin` },
  });
  closeSync(log);
  try {
    const pid = await onlyChildOf(wrapper, 'dockerd');
    await answering(wrapper, socketPathOf(slot));
    wrapper.unref();
    return { pid, end: (signal) => endDaemon(pid, signal) };
  } catch (error) {
    wrapper.kill('SIGKILL');
    const lines = (await readFile(logPath, 'utf8')).trim().split('\n').slice(-15).join('\n');
    throw new Error(`dockerd did not start:\n${lines}`, { cause: error });
  }
}

function daemonArguments(slot: Slot, { ownNetwork, sockets = [] }: DaemonSite): string[] {
  return [
    ['--data-root', slot.dataRoot],
    ['--exec-root', join(slot.runFolder, 'exec')],
    ['--pidfile', pidFile(slot)],
    ...[socketPathOf(slot), ...sockets].map((path) => ['--host', `unix://${path}`]),
    ['--config-file', configurationFile(slot)],
    ['--cgroup-parent', `/${slot.name}`],
    ['--shutdown-timeout', '5'],
    ...(ownNetwork ? [['--bip', `${slot.prefix}.0.1/24`]] : onNetworkOfHost(slot)),
  ].flat();
}

/**
 * Published ports are served by docker-proxy and containers talk over their bridge: no packet filter is needed, and an engine that manages one would
 * flush the rules of every other engine on this machine.
 */
const onNetworkOfHost = (slot: Slot) => [
  ['--bridge', slot.name],
  ['--iptables=false', '--ip-forward=false', '--ip-masq=false'],
];

/** Where the engine of a slot listens. */
export const socketPathOf = (slot: Slot) => join(slot.runFolder, 'docker.sock');

/** Empty, so that the configuration of a system's own engine does not mix in. */
const configurationFile = (slot: Slot) => join(slot.runFolder, 'daemon.json');

const pidFile = (slot: Slot) => join(slot.runFolder, 'docker.pid');

async function answering(wrapper: ChildProcess, socketPath: string): Promise<void> {
  const docker = new Docker({ socketPath, timeout: 2000 });
  await eventually(
    'dockerd to answer',
    async () => {
      if (wrapper.exitCode !== null) return 'ended';
      return (await docker.ping()).toString() === 'OK' && 'answers';
    },
    { timeoutMs: 60_000 },
  ).then((outcome) => {
    if (outcome === 'ended') throw new Error('dockerd ended at once');
  });
}

async function endDaemon(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (await isAlive(pid)) process.kill(pid, signal);
  await eventually('dockerd to end', async () => !(await isAlive(pid)), { timeoutMs: 30_000 });
}
