import type { Farm, FarmServer } from '@alfa-cloud/testing';
import { onFarm, type Place } from './place.ts';
import type { World } from './world.ts';

/** A server of the farm, and how it is registered. */
export interface Site {
  machine: FarmServer;
  place: Place;
  /** Empty until it is registered. */
  serverId: string;
}

/** One for each server of the farm. */
export const sitesOn = (farm: Farm): Site[] =>
  farm.servers.map((machine) => ({ machine, place: onFarm(farm, machine), serverId: '' }));

/** Registers it under the name, with a domain of that name, and waits until it is ready. */
export const registerSite = async (world: World, site: Site, name: string): Promise<void> => {
  const { connection } = site.place;
  site.serverId = (await world.register({ connection, name, domain: `${name}.localhost` })).id;
};

export const serverOf = async (world: World, { serverId }: Site) =>
  (await world.call('GET', `/servers/${serverId}`)).body.data.attributes;
