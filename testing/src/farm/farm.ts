import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { FarmServerOptions } from './farm-server.ts';
import { FarmServer } from './farm-server.ts';
import type { KeyPair, KeyType } from './keys.ts';
import { makeKey } from './keys.ts';
import type { Place } from './place.ts';
import { takePlace } from './place.ts';

/** Cloud servers on a network of their own, with the keys that open them. */
export interface Farm extends AsyncDisposable {
  readonly servers: readonly FarmServer[];
  /** Let in every user of every server; the RSA one has a passphrase. */
  readonly keys: Readonly<Record<KeyType, KeyPair>>;
  /** Removes servers, network and files. Our death does the same. */
  dispose(): Promise<void>;
}

/**
 * Starts a farm with a server for each entry. Needs root.
 * @param options.firstPlace lowest number of the place to take, 1 to 16. A place with a high number is not taken by others as soon as it is free
 */
export async function startFarm(
  servers: readonly FarmServerOptions[],
  { firstPlace = 1 }: { firstPlace?: number } = {},
): Promise<Farm> {
  const place = await takePlace(firstPlace);
  const started: FarmServer[] = [];
  const dispose = async () => {
    await Promise.all(started.map((server) => server.dispose()));
    await place.release();
  };
  try {
    const keys = await makeKeys(place);
    for (const [index, options] of servers.entries()) {
      const cable = {
        name: `${place.name}-s${index + 1}`,
        bridge: place.name,
        address: `${place.prefix}.0.${index + 2}`,
        gateway: `${place.prefix}.0.1`,
      };
      started.push(await FarmServer.start(cable, join(place.folder, `s${index + 1}`), options));
    }
    return { servers: started, keys, dispose, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function makeKeys({ folder }: Place): Promise<Record<KeyType, KeyPair>> {
  const own = join(folder, 'keys');
  await mkdir(own, { mode: 0o700 });
  const keys = {
    ed25519: await makeKey(join(own, 'ed25519'), 'ed25519'),
    ecdsa: await makeKey(join(own, 'ecdsa'), 'ecdsa'),
    rsa: await makeKey(join(own, 'rsa'), 'rsa', 'correct horse'),
  };
  const lines = Object.values(keys).map(({ publicKey }) => `${publicKey}\n`);
  await writeFile(join(folder, 'authorized_keys'), lines.join(''), { mode: 0o644 });
  return keys;
}
