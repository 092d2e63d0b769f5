import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './run.mjs';

const built = 'console/dist/index.html';
/** What the built files are made of. */
const sources = [
  'console/src',
  'console/public',
  'console/index.html',
  'console/package.json',
  'console/tsconfig.json',
  'console/vite.config.ts',
  'libs/client/src',
  'package-lock.json',
];

/** Builds the console unless it is there and newer than all that it is made of. */
export async function ensureConsole() {
  const [builtAt, ...changedAt] = await Promise.all([
    changeOf(built),
    ...sources.map((path) => newest(path)),
  ]);
  if (builtAt > Math.max(...changedAt)) return;
  console.log('Building the console (vite build, about 10 s) …');
  const code = await run('vite', ['build', '--logLevel', 'warn'], { cwd: 'console' });
  if (code !== 0) throw new Error('The console could not be built; see above');
}

async function newest(path) {
  const entries = await readdir(path, { recursive: true }).catch(() => []);
  return Math.max(...(await Promise.all(['', ...entries].map((entry) => changeOf(join(path, entry))))));
}

/** When it was changed, 0 where there is no such file. */
async function changeOf(path) {
  return (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
}
