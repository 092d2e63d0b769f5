import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Runs a program on our own terminal and gives its exit code; signals to us are passed on to it. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const forward = (signal) => {
      // Ctrl-C in a terminal reaches the child by itself; a second one would cut its tidying short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const settle = (action) => {
      for (const signal of signals) process.off(signal, forward);
      action();
    };
    child.once('error', (error) => settle(() => reject(new Error(`${program}: ${error.message}`))));
    child.once('close', (code, signal) => settle(() => resolve(code ?? 128 + constants.signals[signal])));
  });
}
