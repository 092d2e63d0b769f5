import { afterEach, expect, test } from '@jest/globals';
import { addFakeImage } from '@alfa-cloud/cloud-server/testing';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/two-servers.ts';

afterEach(stopRigs);

const targetImage = 'alfa/client:5';

/** Switches a client to an image that only another server has, by a worker that dies at the moment. */
const switchWithCrash = async (moment: Moment | null) => {
  const { rig, cloud, other, ids, cloudOf, readModels } = await twoServers();
  const creation = await rig.creation(ids.target);
  await rig.succeed(creation);
  addFakeImage(cloud.engine, 'alfa/client:4', { contents: ['base'] });
  const id = addFakeImage(other.engine, targetImage, { contents: ['base', 'top'] });
  const command = commandOf('SwitchImage', { clientId: creation.data.clientId, targetImage });
  const run = await sendWithCrash(rig, cloud, command, moment, {}, { cloudOf, readModels });
  const end = (await rig.eventsOf(operationIdOf(command))).at(-1)?.type;
  const image = await cloud.docker.image(targetImage);
  await stopRigs();
  return {
    ...run,
    end,
    named: image?.id === id,
    runsFrom: cloud.engine.containers.get('alfa-first')?.imageId === id,
  };
};

test('a switch to an image of another server, killed at any moment, ends with the image on the server and in use', async () => {
  const moments = momentsOf(await switchWithCrash(null));
  const first = moments.findIndex((moment) => 'observation' in moment);
  // What happens on the server first is that the image comes: loaded and named.
  const early = [...moments.slice(0, 6), ...moments.slice(first, first + 8)];
  for (const moment of early) {
    const { died, ...after } = await switchWithCrash(moment);
    expect({ moment, died, ...after }).toEqual({
      moment,
      died: true,
      end: 'OperationSucceeded',
      named: true,
      runsFrom: true,
      effects: expect.any(Number),
      observations: expect.any(Number),
    });
  }
});
