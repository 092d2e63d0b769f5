// `npm run check`: everything that needs no engine, side by side, in seconds. Fails if any part fails.
import { spawn } from 'node:child_process';

// Of their own, since a bare `prettier --write` throws away the cache in the usual place.
const caches = 'node_modules/.cache/check';
const prettierCache = ['--cache', '--cache-strategy', 'content', '--cache-location', `${caches}/prettier`];

const parts = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', ...prettierCache, '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['-p', '.', '--incremental', '--tsBuildInfoFile', `${caches}/tsc`]],
  [
    'types of the console',
    'node',
    [
      'console/types.mjs',
      '-p',
      'console',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      `${caches}/console`,
    ],
  ],
  [
    'unit tests',
    'node',
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'unit',
      '--silent',
      '--maxWorkers=100%',
    ],
  ],
];

const run = ([name, command, args]) =>
  new Promise((resolve) => {
    const started = Date.now();
    const output = [];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
      if (code !== 0 || name === 'unit tests') process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });

const results = await Promise.all(parts.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;
