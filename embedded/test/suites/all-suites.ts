import { afterAll, beforeAll, describe } from '@jest/globals';
import { walkExtent } from '@alfa-cloud/testing';
import type { PlaceKind } from '../support/place.ts';
import { startWorld } from '../support/world.ts';
import { creationSuite } from './create-client.ts';
import { keepingSuite } from './keep-client.ts';
import { lostConnectionSuite } from './lose-connection.ts';
import { managementSuite } from './manage-client.ts';
import { imagesSuite } from './switch-client.ts';
import type { UsedPlace } from './used-place.ts';

const { isFull } = walkExtent(process.env, new Date());

/**
 * What is done with clients is the same on every server: over ssh all of it runs by `ALFA_TEST_WALK=full`, else what data, files and visitors pass
 * the transport by, and what only a connection can meet with.
 */
const suitesOn = (kind: PlaceKind) => {
  // First the one that switches all clients that there are.
  const all = [imagesSuite, managementSuite, keepingSuite, creationSuite];
  if (kind === 'local') return all;
  return [...(isFull ? all : [imagesSuite]), lostConnectionSuite];
};

/** Everything that is done with clients, one suite after the other in one world, on a server of one kind. */
export const allSuitesOn = (kind: PlaceKind) =>
  describe(`on a server of kind ${kind}`, () => {
    const place: Partial<UsedPlace> = {};
    beforeAll(async () => {
      place.world = await startWorld({
        place: kind,
        env: {
          ALFA_AVAILABILITY_INTERVAL_S: '2',
          ALFA_SETTINGS_WATCH_INTERVAL_S: '1',
          ALFA_EXPIRY_WATCH_INTERVAL_S: '1',
        },
      });
      place.server = await place.world.register();
    });
    afterAll(() => place.world?.dispose());

    for (const suite of suitesOn(kind)) suite(() => place as UsedPlace);
  });
