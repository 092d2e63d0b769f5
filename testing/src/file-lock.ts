import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A lock that is held until `release`, or until this process dies however it dies. */
export interface FileLock extends AsyncDisposable {
  release(): Promise<void>;
}

/**
 * Takes the lock of a file, waiting for another holder up to `waitMs`; `undefined` when it stayed taken.
 * The holder is flock(1) around a `cat` of our pipe: the kernel closes the pipe with us, so nothing stale can remain.
 */
export async function lockFile(path: string, waitMs: number): Promise<FileLock | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const wait = waitMs === 0 ? ['--nonblock'] : ['--timeout', String(waitMs / 1000)];
  const holder = spawn('flock', [...wait, path, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const held = await new Promise<boolean>((resolve, reject) => {
    holder.once('error', reject);
    holder.stdout.once('data', () => resolve(true));
    holder.once('close', () => resolve(false));
  });
  if (!held) return undefined;
  // A lock alone is no reason for the process to stay.
  holder.stdout.destroy();
  holder.unref();
  const release = async () => {
    holder.ref();
    holder.stdin.end();
    await exited;
  };
  return { release, [Symbol.asyncDispose]: release };
}
