import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a program to its end and returns its stdout. @throws Error with its last lines of output when it fails */
export async function runCommand(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 60_000 }: CommandOptions = {},
): Promise<string> {
  const child = spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let everything = '';
  const collect = (isStdout: boolean) => (chunk: Buffer) => {
    const text = chunk.toString();
    if (isStdout) stdout += text;
    everything = (everything + text).slice(-8192);
  };
  child.stdout.on('data', collect(true));
  child.stderr.on('data', collect(false));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve([code, signal]));
  });
  if (code === 0) return stdout;
  const lastLines = everything.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${program} ${args.join(' ')} ended with ${signal ?? `code ${code}`}:\n${lastLines}`);
}
