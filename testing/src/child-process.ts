import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';

import { eventually } from './eventually.ts';

/**
 * Starts a program that the kernel kills when this process ends for any reason.
 * It gets its own session, so that Ctrl-C in a terminal reaches only this process, which decides what stops when.
 */
export function spawnBound(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const bound: SpawnOptions = { ...options, detached: true };
  if (process.platform !== 'linux') return spawn(program, args, bound);
  // This process may have died before the parent-death signal was set; the program is then not started.
  const unlessOrphaned = ['sh', '-c', '[ "$PPID" = "$0" ] && exec "$@"', String(process.pid)];
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...unlessOrphaned, program, ...args], bound);
}

/** Lets this process exit although the child still runs; the child ends with it. */
export function letGo(child: ChildProcess): void {
  child.unref();
  for (const pipe of [child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref();
}

/** Sends a signal and waits for the end; sends SIGKILL when the program has not ended within `timeoutMs`. */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  timeoutMs = 10_000,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.ref();
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await ended;
  clearTimeout(late);
}

/** Whether a process of that id exists and is not a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const fields = await statFields(pid);
  return fields !== undefined && fields[0] !== 'Z';
}

/** The command line of a process, its words joined by blanks; empty when there is no such process. */
export async function commandLine(pid: number): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.replaceAll('\0', ' ').trim();
}

/** The ids of the direct children of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  for (const other of await processIds()) {
    const fields = await statFields(other);
    if (fields?.[1] === String(pid)) children.push(other);
  }
  return children;
}

/** Waits for the only child that a wrapper (unshare, nsenter) forks. */
export async function onlyChildOf(wrapper: ChildProcess, what: string): Promise<number> {
  const { pid } = wrapper;
  if (pid === undefined) throw new Error(`${what} did not start`);
  return eventually(`${what} to start`, async () => (await childrenOf(pid))[0], { intervalMs: 10 });
}

export async function processIds(): Promise<number[]> {
  const entries = await readdir('/proc');
  return entries.map(Number).filter(Number.isInteger);
}

/** What follows the name in /proc/<pid>/stat: state, parent, … (the name itself may hold blanks and brackets). */
async function statFields(pid: number): Promise<string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}
