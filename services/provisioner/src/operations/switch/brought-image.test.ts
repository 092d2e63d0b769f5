import { afterEach, expect, test } from '@jest/globals';
import { addFakeImage } from '@alfa-cloud/cloud-server/testing';
import type { BulkRequest } from '@alfa-cloud/contracts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/two-servers.ts';
import { keptImageName } from '../../resources/image/kept-image.ts';

afterEach(stopRigs);

const reference = 'alfa/client:5';

const withClient = async () => {
  const servers = await twoServers();
  const { rig, ids } = servers;
  const creation = await rig.creation(ids.target);
  await rig.succeed(creation);
  return { ...servers, clientId: creation.data.clientId };
};

test('a creation from an image that only another server has brings it first', async () => {
  const { rig, cloud, other, ids } = await twoServers();
  const id = addFakeImage(other.engine, reference, { contents: ['base', 'top'] });
  const command = await rig.creation(ids.target, { image: reference });
  expect(await rig.succeed(command)).toMatchObject({ imageId: id });
  expect(cloud.engine.containers.get('alfa-first')?.imageId).toBe(id);
  const steps = (await rig.eventsOf(operationIdOf(command))).flatMap(({ type, data }) =>
    type === 'OperationStepCompleted' ? [data.step] : [],
  );
  expect(steps.slice(0, 3)).toEqual(['reserve', 'image', 'config']);
});

test('a creation and a switch are refused when nobody has the image, with where it was looked for', async () => {
  const { rig, ids, clientId } = await withClient();
  const refusal = {
    reply: {
      outcome: 'rejected',
      faults: [
        {
          code: 'image_not_on_server',
          detail: `Image ${reference} is not on server Target, nor on any of the others (Other)`,
        },
      ],
    },
  };
  const switching = commandOf('SwitchImage', { clientId, targetImage: reference });
  expect(await rig.send(switching)).toMatchObject(refusal);
  expect(await rig.send(await rig.creation(ids.target, { slug: 'second', image: reference }))).toMatchObject(
    refusal,
  );
});

test('a switch of many clients takes those whose server can get the image, and says so beforehand', async () => {
  const { rig, cloud, other, clientId } = await withClient();
  const request: BulkRequest = {
    kind: 'clients.switch',
    data: { targetImage: reference, clientIds: [clientId] },
  };
  const plan = async () => (await rig.askQueries.ask('PlanBulk', request)).result;
  expect(await plan()).toMatchObject({ total: 0, obstacles: [{ code: 'image_not_on_server' }] });
  const id = addFakeImage(other.engine, reference, { contents: ['top'] });
  expect(await plan()).toMatchObject({ total: 1, skipped: [], obstacles: [] });
  await rig.succeed(commandOf('SwitchAllImages', request.data as { targetImage: string }));
  expect(cloud.engine.containers.get('alfa-first')?.imageId).toBe(id);
  other.engine.images.delete(reference);
  other.engine.images.delete(id);
  cloud.engine.registry.set('registry.test/client:6', { id: 'sha256:6', labels: {}, user: '' });
  const fromRegistry = commandOf('SwitchImage', { clientId, targetImage: 'registry.test/client:6' });
  expect(await rig.succeed(fromRegistry)).toMatchObject({ imageId: 'sha256:6' });
});

test('a rollback brings exactly the image before back from another server, whatever its name means by now', async () => {
  const { rig, cloud, other, clientId } = await withClient();
  const before = addFakeImage(cloud.engine, 'alfa/client:4', { contents: ['base', 'four'] });
  await rig.succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:4' }));
  await rig.succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:1' }));
  for (const name of ['alfa/client:4', keptImageName('first'), before]) cloud.engine.images.delete(name);
  const rollback = () => commandOf('RollBackImage', { clientId });
  expect((await rig.send(rollback())).reply).toMatchObject({ outcome: 'rejected' });
  addFakeImage(other.engine, 'alfa/client:four', { contents: ['base', 'four'] });
  const rebuilt = addFakeImage(cloud.engine, 'alfa/client:4', { contents: ['base', 'other'] });
  await rig.succeed(rollback());
  expect(cloud.engine.containers.get('alfa-first')?.imageId).toBe(before);
  expect((await cloud.docker.image('alfa/client:4'))?.id).toBe(rebuilt);
});
