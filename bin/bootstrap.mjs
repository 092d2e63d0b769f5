// `npm run demo`, `npm test` and `npm run dev` come in here, on a machine that may have nothing but Node and npm:
// install what is missing, saying so, then run what was asked for with the project's own Node.
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureConsole } from './bootstrap/console.mjs';
import { ensureNpmPackages } from './bootstrap/npm-packages.mjs';
import { run } from './bootstrap/run.mjs';
import { ensurePrograms } from './bootstrap/system-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules/.bin/node');

// The project's tools come first; the administrator's programs are not in everybody's path.
process.env.PATH = [
  join(root, 'node_modules/.bin'),
  process.env.PATH,
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
].join(delimiter);
process.chdir(root);

const demo = (args) => run(node, ['--no-warnings', 'embedded/src/demo.ts', ...args]);

const dev = async () => {
  const ended = new AbortController();
  // The console comes from a server of its own, which shows each change at once and passes everything else on to the product.
  const console = run('vite', ['--clearScreen', 'false'], { cwd: 'console', signal: ended.signal }).catch(
    () => 0,
  );
  const code = await run(node, ['--watch', 'embedded/src/main.ts']);
  ended.abort();
  await console;
  return code;
};

const test = async (args) => {
  // Crash walks start the provisioner hundreds of times: its code is compiled once.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  // Before jest, so that no test's deadline includes the making of the images; beside the check, since it mostly waits for packages.
  const before = await Promise.all([
    run(node, ['bin/check.mjs']),
    run(node, ['--no-warnings', 'testing/images/build.ts']),
  ]);
  const failed = before.find((code) => code !== 0);
  if (failed !== undefined) return failed;
  // Two files at a time: each has engines and ports of its own, and waits for them more than it computes.
  return run(node, [...jest, '--selectProjects', 'integration', '--maxWorkers=2', ...args]);
};

/** Which programs of the system a command needs; `dev` needs none. */
const purposes = {
  demo: (args) => (args.some((arg) => arg.startsWith('--farm')) ? 'farm' : 'demo'),
  test: () => 'test',
};

const [name, ...args] = process.argv.slice(2);
const command = { demo, dev, test }[name];
if (command === undefined) {
  console.error('usage: node bin/bootstrap.mjs demo|dev|test [arguments]');
  process.exitCode = 2;
} else {
  try {
    const purpose = purposes[name]?.(args);
    // Side by side: the one waits for npm's registry, the other for Debian's. What fails is told last, when nothing writes after it.
    const prepared = await Promise.allSettled([
      ensureNpmPackages().then(ensureConsole),
      purpose === undefined ? undefined : ensurePrograms(purpose),
    ]);
    const faults = prepared.flatMap(({ reason }) => (reason === undefined ? [] : [reason.message]));
    if (faults.length > 0) throw new Error(faults.join('\n'));
    process.exitCode = await command(args);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
