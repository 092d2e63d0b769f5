/** `npm run screenshots`: every screen of the console over 300 generated clients, in both languages, for docs/console. Needs Chromium and pngquant. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBrowser } from '@alfa-cloud/testing/browser';
import { openConsole, type Look } from './support/console-page.ts';
import { consoleScreens } from './support/console-screens.ts';
import { startGeneratedWorld } from './support/generated-world.ts';

const directory = join(import.meta.dirname, '../../docs/console');
const shown: readonly Look[] = [
  { language: 'en', theme: 'light', width: 1440 },
  { language: 'ru', theme: 'dark', width: 1440 },
];

await mkdir(directory, { recursive: true });
await using world = await startGeneratedWorld(300);
await using apart = await startBrowser(world.port);
for (const look of shown) {
  const { page, open, close } = await openConsole(apart.browser, world, look);
  for (const [name, path] of consoleScreens) {
    await open(path);
    const file = join(directory, `${name}-${look.language}.png`);
    await page.screenshot({ path: file });
    // A screen has few colours: a palette makes the file a third as large.
    await promisify(execFile)('pngquant', ['--force', '--skip-if-larger', '--output', file, '64', file]);
  }
  await close();
}
