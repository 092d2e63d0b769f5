import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { addressesTaken, makeBridge } from '../engine/network.ts';
import { lockFile } from '../file-lock.ts';
import { runCommand } from '../run-command.ts';
import { hardwareAddress } from './cable.ts';

/** A place for one farm at a time: a bridge with its addresses, and a folder. */
export interface Place {
  /** Names the bridge; the names of cables and machines begin with it. */
  readonly name: string;
  /** The first two bytes of all addresses. The host, as the servers see it, is `.0.1`. */
  readonly prefix: string;
  readonly folder: string;
  /** Tidies the place up and gives it back; our death does the same. */
  release(): Promise<void>;
}

const places = 16;
const firstNetwork = 77;

/** Takes the first place, of those from `first` on, that nobody holds and whose addresses nobody uses, and makes its bridge. */
export async function takePlace(first = 1): Promise<Place> {
  for (let number = first; number <= places; number += 1) {
    const place = await tryPlace(`alfa-farm${number}`, `10.${firstNetwork + number - 1}`);
    if (place !== undefined) return place;
  }
  throw new Error(`all ${places} places for farms are taken`);
}

async function tryPlace(name: string, prefix: string): Promise<Place | undefined> {
  if (await addressesTaken(prefix, name)) return undefined;
  const folder = `/run/alfa-rig/${name}`;
  const tidy = [join(import.meta.dirname, '../engine/tidy.sh'), name, folder, folder];
  const lock = await lockFile(`${folder}.lock`, 0, tidy);
  if (lock === undefined) return undefined;
  await mkdir(folder, { recursive: true, mode: 0o711 });
  await makeBridge(name, prefix);
  await runCommand('ip', ['link', 'set', name, 'address', hardwareAddress(`${prefix}.0.1`)]);
  return { name, prefix, folder, release: () => lock.release() };
}
