import { message } from '@alfa-cloud/contracts';
import type { CloudServer, NamedThing } from '@alfa-cloud/cloud-server';
import { isMadeBy, labelsOf, mayTakeOver, type Origin } from '@alfa-cloud/servers';
import { nameOccupied } from '../../on-server/failures.ts';
import type { Resource } from '../resource.ts';

/** A named volume, which outlives the containers that use it. */
export const volume = (
  { docker }: CloudServer,
  name: string,
  origin: Origin,
): Resource<NamedThing | null> => ({
  inspect: (options) => docker.volume(name, options),
  async ensure(options) {
    const found = await docker.volume(name, options);
    if (found === null) await docker.createVolume(name, labelsOf(origin), options);
    // Docker keeps an existing volume without an error, so only its labels tell whose it is.
    const made = await docker.volume(name, options);
    if (made === null || !mayTakeOver(origin, made.labels)) throw nameOccupied(message`Volume ${name}`);
    return `Volume ${name} is there`;
  },
  async remove(options) {
    const found = await docker.volume(name, options);
    if (found === null) return `Volume ${name} is not there`;
    if (!isMadeBy(origin, found.labels)) return `Volume ${name} is not of this operation: left alone`;
    await docker.removeVolume(name, options);
    return `Volume ${name} removed`;
  },
});
