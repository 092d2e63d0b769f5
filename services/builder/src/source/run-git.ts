import { DeadlineExceeded } from '@alfa-cloud/service-kit';
import { spawn } from 'node:child_process';
import { outputLines } from './output-lines.ts';

/** One call of git, or of ssh as git calls it. */
export interface GitCall {
  /** Default `git`. */
  program?: 'git' | 'ssh';
  /** What follows its name. Values from outside stand behind `--` or `--end-of-options`. */
  args: readonly string[];
  /** The whole environment: nothing of this process's own comes to it. */
  env: Readonly<Record<string, string>>;
  deadlineMs: number;
  signal?: AbortSignal | undefined;
  /** Longest standard output. Default 64 MiB. */
  outputMaxBytes?: number;
  /** Lines of standard error as they come, progress left out. */
  onLine?: ((line: string) => void) | undefined;
}

/** It ended with another exit code than 0, or with more output than is taken. */
export class GitFailed extends Error {
  override name = 'GitFailed';
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  /** The end of its standard error, in English. */
  readonly said: string;

  constructor(command: string, exitCode: number | null, said: string) {
    super(`${command} ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}: ${said}`);
    this.exitCode = exitCode;
    this.said = said;
  }
}

const defaultOutputMaxBytes = 64 * 1024 ** 2;
const saidMaxChars = 8192;
/** From the request to end until git and its children are killed: it removes its lock files and partial packs meanwhile. */
const graceMs = 3000;

/**
 * Runs git to its end, in a process group of its own that is ended as a whole, and answers its standard output.
 * @throws GitFailed, DeadlineExceeded, or the signal's reason when that is aborted
 */
export const runGit = async (call: GitCall): Promise<string> => {
  const { program = 'git', args, env, deadlineMs, signal, outputMaxBytes = defaultOutputMaxBytes } = call;
  const command = program === 'git' ? `git ${commandIn(args)}` : program;
  signal?.throwIfAborted();
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const endGroup = (name: 'SIGTERM' | 'SIGKILL') => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // The group has ended by itself.
    }
  };
  let givenUp: Error | null = null;
  let killing: NodeJS.Timeout | undefined;
  const giveUp = (reason: Error) => {
    if (givenUp !== null) return;
    givenUp = reason;
    endGroup('SIGTERM');
    killing = setTimeout(() => endGroup('SIGKILL'), graceMs);
  };
  const onAbort = () => giveUp(signal?.reason instanceof Error ? signal.reason : new Error('Aborted'));
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => giveUp(new DeadlineExceeded(command, deadlineMs)), deadlineMs);

  const chunks: Buffer[] = [];
  let bytes = 0;
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputMaxBytes)
      giveUp(new GitFailed(command, null, `more than ${outputMaxBytes} bytes of output`));
    else chunks.push(chunk);
  });
  outputLines(child.stderr, (line) => {
    said = `${said}${line}\n`.slice(-saidMaxChars);
    call.onLine?.(line);
  });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (givenUp !== null) throw givenUp as Error;
    if (exitCode !== 0) throw new GitFailed(command, exitCode, said.trim());
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    clearTimeout(timer);
    clearTimeout(killing);
    signal?.removeEventListener('abort', onAbort);
    // Whoever of its children has outlived it holds nothing that is waited for.
    endGroup('SIGKILL');
  }
};

/** The name of the command, which the options of git itself come before. */
const commandIn = (args: readonly string[]): string => {
  let at = 0;
  while (args[at]?.startsWith('-') === true) at += args[at] === '-c' ? 2 : 1;
  return args[at] ?? '';
};
