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
 * It runs `tidy` before it says that it holds the lock and again before it lets go, so after our death too.
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
  // A lock alone is no reason for the process to stay.
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
