import { join } from 'node:path';

import { cacheRoot } from '../../images/cache.ts';
import type { FileLock } from '../file-lock.ts';
import { lockFile } from '../file-lock.ts';
import { addressesTaken } from './network.ts';

/**
 * A place for one engine at a time: a data root that keeps the images from run to run, a bridge and its addresses.
 */
export interface Slot {
  /** Names the machine, the bridge and the control group. */
  readonly name: string;
  /** The first two bytes of the addresses on its default bridge. */
  readonly prefix: string;
  readonly dataRoot: string;
  /** Socket and run-time state; a short path, because a socket's may be 107 bytes long at most. */
  readonly runFolder: string;
  release(): Promise<void>;
}

const slots = 16;

/** Takes the first slot that nobody holds and whose addresses nobody uses. */
export async function takeSlot(): Promise<Slot> {
  for (let number = 1; number <= slots; number += 1) {
    const name = `alfa-rig${number}`;
    const prefix = `10.${200 + number}`;
    const folder = join(cacheRoot(), 'engines', String(number));
    // Names and addresses belong to the machine, the data root to whoever shares the cache.
    const locks = await lockAll([`/run/alfa-rig/${number}.lock`, join(folder, 'lock')]);
    if (locks === undefined) continue;
    const release = () => releaseAll(locks);
    if (!(await addressesTaken(prefix, name))) {
      return { name, prefix, dataRoot: join(folder, 'data'), runFolder: `/run/alfa-rig/${number}`, release };
    }
    await release();
  }
  throw new Error(`all ${slots} places for test engines are taken: ${join(cacheRoot(), 'engines')}`);
}

async function lockAll(paths: readonly string[]): Promise<FileLock[] | undefined> {
  const locks: FileLock[] = [];
  for (const path of paths) {
    const lock = await lockFile(path, 0);
    if (lock === undefined) {
      await releaseAll(locks);
      return undefined;
    }
    locks.push(lock);
  }
  return locks;
}

async function releaseAll(locks: readonly FileLock[]): Promise<void> {
  for (const lock of locks) await lock.release();
}
