import { message } from '@alfa-cloud/contracts';
import { isCloudServerError, type NetworkFacts } from '@alfa-cloud/cloud-server';
import { isMadeBy, label, labelsOf } from '@alfa-cloud/servers';
import { nameOccupied } from '../../on-server/failures.ts';
import { serverNames } from '../../on-server/names.ts';
import type { Preparation } from '../../on-server/preparation.ts';
import type { Resource } from '../resource.ts';

const name = serverNames.network;

/** The network of the server's own containers. */
export const serverNetwork = ({
  cloud: { docker },
  server,
  origin,
}: Pick<Preparation, 'cloud' | 'server' | 'origin'>): Resource<NetworkFacts | null> => ({
  inspect: (options) => docker.network(name, options),
  async ensure(options) {
    if ((await docker.network(name, options)) === null) {
      await docker.createNetwork(name, { labels: labelsOf(origin) }, options).catch((error: unknown) => {
        if (!isCloudServerError(error) || error.code !== 'name_in_use') throw error;
      });
    }
    const found = await docker.network(name, options);
    if (found?.labels[label.server] !== server.id) throw nameOccupied(message`Network ${name}`);
    return `Network ${name} is there`;
  },
  async remove(options) {
    const found = await docker.network(name, options);
    if (found === null) return `Network ${name} is not there`;
    if (!isMadeBy(origin, found.labels)) return `Network ${name} is left alone`;
    await docker.removeNetwork(name, options);
    return `Network ${name} removed`;
  },
});
