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

const demo = async (args) => {
  await ensurePrograms(args.some((arg) => arg.startsWith('--farm')) ? 'farm' : 'demo');
  return run(node, ['--no-warnings', 'embedded/src/demo.ts', ...args]);
};

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
  await ensurePrograms('test');
  // Crash walks start the provisioner hundreds of times: its code is compiled once.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const steps = [
    ['bin/check.mjs'],
    // Before jest, so that no test's deadline includes the making of the images.
    ['--no-warnings', 'testing/images/build.ts'],
    // Two files at a time: each has engines and ports of its own, and waits for them more than it computes.
    [...jest, '--selectProjects', 'integration', '--maxWorkers=2', ...args],
  ];
  for (const step of steps) {
    const code = await run(node, step);
    if (code !== 0) return code;
  }
  return 0;
};

const [name, ...args] = process.argv.slice(2);
const command = { demo, dev, test }[name];
if (command === undefined) {
  console.error('usage: node bin/bootstrap.mjs demo|dev|test [arguments]');
  process.exitCode = 2;
} else {
  try {
    await ensureNpmPackages();
    await ensureConsole();
    process.exitCode = await command(args);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
