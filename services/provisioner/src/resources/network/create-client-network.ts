import { message, wordsOf } from '@alfa-cloud/contracts';
import { isCloudServerError, type CallOptions, type CloudServer } from '@alfa-cloud/cloud-server';
import { labelsOf, type Origin } from '@alfa-cloud/servers';
import type { ClientNetworkConfig } from '../../on-server/client-config.ts';
import { final, transient } from '../../on-server/failures.ts';
import { freeSubnets, parseRange } from '../../on-server/subnets.ts';

/** Subnets tried before giving up: each may have been taken since the list was read, but not for ever. */
const attemptsMax = 64;

/** Makes a network with the first free subnet of the configured range. Final failure `subnets_exhausted` when none is left. */
export const createClientNetwork = async (
  { docker }: CloudServer,
  name: string,
  origin: Origin & { clientId: string },
  { subnets, outside }: ClientNetworkConfig,
  options: CallOptions,
): Promise<void> => {
  const range = parseRange(subnets);
  if (range === null) throw new Error(`${subnets} is no range of addresses`);
  const inUse = (await docker.networks(options)).flatMap((network) => network.subnets);
  let attempts = 0;
  for (const subnet of freeSubnets(range, origin.clientId, inUse)) {
    if (attempts >= attemptsMax) break;
    attempts += 1;
    try {
      await docker.createNetwork(name, { labels: labelsOf(origin), subnet, internal: !outside }, options);
      return;
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      // The engine uses more addresses than it lists, or another worker has just taken these.
      if (error.code === 'subnet_in_use') continue;
      // An attempt that was cut off may have succeeded after all: the next attempt sees whose it is.
      if (error.code === 'name_in_use') throw transient('name_in_use', wordsOf(error));
      throw error;
    }
  }
  throw final(
    'subnets_exhausted',
    message`No addresses are left for network ${name} in ${subnets} (ALFA_CLIENT_SUBNETS)`,
  );
};
