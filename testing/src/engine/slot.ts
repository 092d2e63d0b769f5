import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheRoot } from '../../images/cache.ts';
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
  /** Tidies the place up and gives it back; our death does the same. */
  release(): Promise<void>;
}

const slots = 16;

/** Takes the first slot, of those from `first` on, that nobody holds and whose addresses nobody uses. */
export async function takeSlot(first = 1): Promise<Slot> {
  for (let number = first; number <= slots; number += 1) {
    const slot = await trySlot(number);
    if (slot !== undefined) return slot;
  }
  throw new Error(`all ${slots} places for test engines are taken: ${join(cacheRoot(), 'engines')}`);
}

async function trySlot(number: number): Promise<Slot | undefined> {
  const name = `alfa-rig${number}`;
  const prefix = `10.${200 + number}`;
  const folder = join(cacheRoot(), 'engines', String(number));
  const dataRoot = join(folder, 'data');
  const runFolder = `/run/alfa-rig/${number}`;
  if (await addressesTaken(prefix, name)) return undefined;

  // Names and addresses belong to the machine, the data root to whoever shares the cache.
  const dataLock = await lockFile(join(folder, 'lock'), 0);
  if (dataLock === undefined) return undefined;
  const tidy = [join(import.meta.dirname, 'tidy.sh'), name, runFolder, dataRoot];
  const place = await lockFile(`${runFolder}.lock`, 0, tidy);
  if (place === undefined) {
    await dataLock.release();
    return undefined;
  }
  await mkdir(runFolder, { recursive: true, mode: 0o700 });
  const release = async () => {
    await place.release();
    await dataLock.release();
  };
  return { name, prefix, dataRoot, runFolder, release };
}
