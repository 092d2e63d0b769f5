import { readFile } from 'node:fs/promises';

import { run } from './run.mjs';

/** Brings node_modules to what package-lock.json says, unless it is that already. */
export async function ensureNpmPackages() {
  if (await isInstalled()) return;
  console.log('Installing the npm packages of package-lock.json (npm ci, about 20 s) …');
  // No package's install script is needed but that of `node`, which fetches the Node for this platform.
  await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
  await npm('rebuild', 'node', '--loglevel=error');
}

/** npm keeps its own record of what it has installed: the same versions as in the lock file, or the record is out of date. */
async function isInstalled() {
  const [wanted, present] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => readLock(file)),
  );
  if (present === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, link, optional, peer }]) =>
      !path.startsWith('node_modules/') ||
      // Made for another platform, or a workspace: the record need not have it, or has no version for it.
      (present[path] === undefined ? optional || peer : link || present[path].version === version),
  );
}

async function readLock(file) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

async function npm(...args) {
  const { npm_execpath: script } = process.env;
  const code = script ? await run(process.execPath, [script, ...args]) : await run('npm', args);
  if (code !== 0) throw new Error(`npm ${args[0]} failed; see above`);
}
