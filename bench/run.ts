/** `npm run bench [name…]`: runs the benchmarks one after the other, each in a process of its own. */
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const helpers = new Set(['run.ts', 'report.ts']);
const all = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.ts') && !helpers.has(file));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
/** `eventstore` stands for `eventstore-growth` too. */
const isWanted = (file: string): boolean =>
  wanted.some((name) => file === `${name}.ts` || file.startsWith(`${name}-`));
const chosen = wanted.length === 0 ? all : all.filter(isWanted);
if (chosen.length === 0)
  throw new Error(`No such benchmark; there are ${all.map((file) => file.replace('.ts', '')).join(', ')}`);

for (const file of chosen) {
  process.stdout.write(`\n== ${file}\n`);
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, file)], {
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) process.exitCode = 1;
}
