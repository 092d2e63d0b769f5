import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnBound } from '@alfa-cloud/testing';
import type { World } from './world.ts';

const main = join(import.meta.dirname, 'crashing-service.ts');

/** A service that is started again each time it has killed itself. */
export interface KeptService {
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** kill -9 of the one at work; the next one goes on. */
  kill(): void;
  /** Points at which it has killed itself, in their order. */
  crashes(): Promise<string[]>;
}

type Walked = 'provisioner' | 'builder';

/** As {@link keepRunning}. */
export const keepProvisionerRunning = (world: World, name: string, points: readonly string[]): KeptService =>
  keepRunning(world, 'provisioner', { name, points });

/** As {@link keepRunning}. */
export const keepBuilderRunning = (world: World, name: string, points: readonly string[]): KeptService =>
  keepRunning(world, 'builder', { name, points });

/**
 * Keeps a service of a world running that kills itself (SIGKILL) at points of the operations that it runs.
 * @param name tells apart the crashes of several walks in one world
 * @param points `<step>/<phase>`, `<step>/<phase>/call <n>`, or `<step>/<connection of the server: local or ssh>/` and a moment of `withMomentsTold`, once each; a step `*` stands for
 * every one
 */
const keepRunning = (
  world: World,
  service: Walked,
  { name, points }: { name: string; points: readonly string[] },
): KeptService => {
  const file = join(world.directory, `${name}.crashes`);
  const load = () => {
    const child = spawnBound(process.execPath, ['--no-warnings', main], {
      env: {
        ...world.env,
        CRASH_SERVICE: service,
        CRASH_POINTS: JSON.stringify(points),
        CRASH_FILE: file,
        // Dozens of starts: all but the first find the code compiled, as the first one ends in good order and stores it; `npm test` has a cache for all files.
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(world.directory, 'compile-cache'),
      },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const exited = once(child, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }));
    return {
      exited,
      begin: () => child.stdin?.end('begin\n'),
      leave: () => child.stdin?.end(),
      stop: () => child.kill('SIGTERM'),
      kill: () => void child.kill('SIGKILL'),
    };
  };
  /** One is always loaded ahead. */
  let next = load();
  const start = () => {
    const started = next;
    next = load();
    started.begin();
    return started;
  };
  let stopped = false;
  let current = start();
  const supervision = (async () => {
    for (;;) {
      const { code, signal } = await current.exited;
      if (stopped) return;
      if (signal !== 'SIGKILL') throw new Error(`The ${service} ended by itself: ${signal ?? code}`);
      current = start();
    }
  })();
  const stop = async (): Promise<void> => {
    stopped = true;
    current.stop();
    next.leave();
    await Promise.all([supervision, next.exited]);
  };
  // One that a failed test has left would be started again and again, and keep this process from ending.
  world.attach(stop);
  return {
    stop,
    kill: () => current.kill(),
    crashes: async () => (await readFile(file, 'utf8')).trim().split('\n'),
  };
};
