import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A lock that is held until `release`, or until this process ends for any reason. */
export interface FileLock extends AsyncDisposable {
  release(): Promise<void>;
}

/**
 * Takes the lock of a file, waiting up to `waitMs` for another holder; `undefined` when that keeps it.
 * The holder is flock(1) around a `cat` that reads a pipe of this process: the kernel closes the pipe when this process ends, so no stale lock remains.
 * It runs `tidy` before it reports that it holds the lock, and again before it releases it, also after the death of this process.
 */
export async function lockFile(
  path: string,
  waitMs: number,
  tidy: readonly string[] = ['true'],
): Promise<FileLock | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const wait = waitMs === 0 ? ['--nonblock'] : ['--timeout', String(waitMs / 1000)];
  const script = '"$@" && echo held && cat >/dev/null; exec "$@"';
  const holder = spawn('flock', [...wait, path, 'sh', '-c', script, 'holder', ...tidy], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = new Promise<number | null>((resolve) => holder.once('exit', resolve));
  const held = await new Promise<boolean>((resolve, reject) => {
    holder.once('error', reject);
    holder.stdout.once('data', () => resolve(true));
    holder.once('close', () => resolve(false));
  });
  if (!held) return undefined;
  // A lock alone does not keep this process running.
  holder.stdout.destroy();
  holder.unref();
  const release = async () => {
    holder.ref();
    holder.stdin.end();
    const code = await exited;
    if (code !== 0) throw new Error(`${tidy.join(' ')} failed with code ${code}`);
  };
  return { release, [Symbol.asyncDispose]: release };
}
