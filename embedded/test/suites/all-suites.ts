import { afterAll, beforeAll, describe } from '@jest/globals';
import type { PlaceKind } from '../support/place.ts';
import { startWorld } from '../support/world.ts';
import { creationSuite } from './create-client.ts';
import { keepingSuite } from './keep-client.ts';
import { lostConnectionSuite } from './lose-connection.ts';
import { managementSuite } from './manage-client.ts';
import { imagesSuite } from './switch-client.ts';
import type { UsedPlace } from './used-place.ts';

/** Everything that is done with clients, one suite after the other in one world, on a server of one kind. */
export const allSuitesOn = (kind: PlaceKind) =>
  describe(`on a server of kind ${kind}`, () => {
    const place: Partial<UsedPlace> = {};
    beforeAll(async () => {
      place.world = await startWorld({
        place: kind,
        env: {
          ALFA_SWITCH_OBSERVE_S: '3',
          ALFA_AVAILABILITY_INTERVAL_S: '2',
          ALFA_SETTINGS_WATCH_INTERVAL_S: '1',
          ALFA_EXPIRY_WATCH_INTERVAL_S: '1',
        },
      });
      place.server = await place.world.register();
    }, 180_000);
    afterAll(() => place.world?.dispose(), 60_000);

    // First the one that switches all clients that there are.
    const suites = [imagesSuite, managementSuite, keepingSuite, creationSuite];
    for (const suite of kind === 'ssh' ? [...suites, lostConnectionSuite] : suites)
      suite(() => place as UsedPlace);
  });
