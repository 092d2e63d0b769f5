import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { writeFile } from 'node:fs/promises';

import { endProcess, isAlive, letGo, onlyChildOf, spawnBound } from '../child-process.ts';
import { eventually } from '../eventually.ts';

/**
 * Process ids and mounts of their own, on the host's network or one of their own: what a Docker Engine and its containers live in.
 * When it ends, by us or by our death, the kernel ends every process in it and drops every mount, so nothing remains.
 */
export interface Machine {
  /** Its first process, as the host sees it. */
  readonly init: number;
  /** Starts a program inside. */
  run(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Ends everything inside at once, like a pulled plug. */
  powerOff(): Promise<void>;
}

/** containerd's shims keep their sockets in a fixed place; every machine needs its own. Then an init that reaps orphans. */
const boot = `"$@" && mkdir -p /run/containerd && mount -t tmpfs tmpfs /run/containerd \
&& echo ready && exec docker-init -- sleep infinity`;

export interface MachineOptions {
  readonly ownNetwork: boolean;
  /** A program that furnishes the machine before anything else runs in it. */
  readonly furnish?: readonly string[];
}

/** Starts a machine. `name` stands in its command line and `pidFile` remembers it, by which tidy.sh tells a leftover. */
export async function startMachine(
  name: string,
  pidFile: string,
  { ownNetwork, furnish = ['true'] }: MachineOptions,
): Promise<Machine> {
  const network = ownNetwork ? ['--net'] : [];
  const namespaces = [...network, '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const wrapper = spawnBound('unshare', [...namespaces, 'sh', '-c', boot, name, ...furnish], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    wrapper.stdout?.once('data', () => resolve());
    wrapper.once('error', reject);
    wrapper.once('exit', (code) =>
      reject(
        new Error(
          `machine ${name} did not start (exit code ${code}): it takes root, and what npm test installs first`,
        ),
      ),
    );
  });
  wrapper.stdout?.destroy();
  letGo(wrapper);
  await writeFile(pidFile, String(wrapper.pid));
  const init = await onlyChildOf(wrapper, 'the init of the machine');
  return {
    init,
    run: (program, args, options) =>
      spawn('nsenter', ['--target', String(init), ...network, '--mount', '--pid', program, ...args], {
        ...options,
        detached: true,
      }),
    async powerOff() {
      await endProcess(wrapper, 'SIGKILL');
      await eventually('the machine to end', async () => !(await isAlive(init)));
    },
  };
}
