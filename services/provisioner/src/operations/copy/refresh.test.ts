import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message, streams, type ClientEvent } from '@alfa-cloud/contracts';
import { afterEach, expect, test } from '@jest/globals';
import type { FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { copyWorld } from '../../../test/copy-world.ts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { copyIdOf } from './request-copy.ts';

afterEach(stopRigs);

/** A copy that is there, in which somebody has worked since, of a source that has another image and other data by now. */
const refreshable = async (options: Parameters<typeof copyWorld>[0] = {}) => {
  const world = await copyWorld(options);
  const first = world.copying({ ownerPassword: await world.sealed('password of the copy') });
  await world.rig.succeed(first);
  const copyId = copyIdOf(operationIdOf(first));
  world.stage.database.content.set('alfa_first-stage', 'work in the copy');
  world.stage.storage.set('alfa-first-stage-storage', 'files of the copy');
  for (const { engine } of [world.production, world.stage]) {
    const image = engine.images.get('alfa/client:1');
    if (image === undefined) throw new Error('no image');
    engine.images.set('alfa/client:2', { ...image, id: 'sha256:2' });
  }
  const { rig, clientId, production } = world;
  await rig.succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  production.database.content.set('alfa_first', 'newer jobs');
  production.storage.set('alfa-first-storage', 'newer files');
  const state = () => ({
    image: world.stage.engine.containers.get('alfa-first-stage')?.spec.image,
    status: world.stage.engine.containers.get('alfa-first-stage')?.status,
    data: world.stage.database.content.get('alfa_first-stage'),
    files: world.stage.storage.get('alfa-first-stage-storage'),
    page: world.stage.pageOf('first-stage.stage.test')?.status ?? null,
  });
  return { ...world, copyId, state };
};

const before = {
  image: 'sha256:alfa/client:1',
  status: 'running',
  data: 'work in the copy',
  files: 'files of the copy',
  page: null,
};

test('a copy that is there is made anew only when that is confirmed, and the refusal says what is lost', async () => {
  const world = await refreshable();
  const { reply } = await world.rig.send(world.copying());
  expect(reply).toMatchObject({
    outcome: 'rejected',
    faults: [
      {
        code: 'confirmation_required',
        parameter: 'confirm',
        meta: { clientId: world.copyId, slug: 'first-stage' },
        detail: expect.stringContaining('will be lost'),
      },
    ],
  });
  expect(world.state()).toEqual(before);
});

test('afterwards it holds what the source holds, from its image, with its own password and attributes', async () => {
  const world = await refreshable();
  const { rig, copyId, clientId, stage } = world;
  await rig.succeed(
    commandOf('ChangeExpireDate', { clientId: copyId, expireDate: '2098-01-01', reason: 'trial' }),
  );
  const maskingSql = await world.sealed('MASK newer');
  expect(await world.send(world.copying({ confirm: true, maskingSql }))).toBe('ok');
  expect(world.state()).toEqual({
    image: 'sha256:2',
    status: 'running',
    data: '',
    files: 'newer files',
    page: null,
  });
  expect(stage.inputs.at(-1)).toBe('owner@first.example\npassword of the copy\n');
  expect(stage.database.settings.get('alfa_first-stage')?.expiresAt).toBe('2098-01-01 23:59:59');
  const { events } = await rig.store.read<ClientEvent>(streams.client(copyId));
  expect(events.map(({ type }) => type).slice(-4)).toEqual([
    'ClientOperationBegun',
    'ClientBackedUp',
    'ClientRefreshed',
    'ClientOperationEnded',
  ]);
  expect(JSON.stringify(events.map(({ data }) => data))).not.toContain('MASK');
  const source = (await rig.store.read<ClientEvent>(streams.client(clientId))).events.at(-1);
  expect(source).toMatchObject({ type: 'ClientCopied', data: { copyId, again: true } });
  // Later operations go on from the image that it has now.
  await rig.succeed(commandOf('RebootClient', { clientId: copyId }));
});

test('what the copy is called and its password can not be given again', async () => {
  const world = await refreshable();
  expect(await world.send(world.copying({ confirm: true, slug: 'other' }))).toEqual(['validation_failed']);
  const ownerPassword = await world.sealed('another password');
  expect(await world.send(world.copying({ confirm: true, ownerPassword }))).toEqual(['set_elsewhere']);
  expect(await world.send(world.copying({ confirm: true, slug: 'first-stage' }))).toBe('ok');
});

const broken: Record<string, { stage: FakeLaboratoryOptions; masking?: string; code: string }> = {
  'SQL that is refused': { stage: {}, masking: 'REFUSED', code: 'masking_failed' },
  'an image that does not start': {
    stage: {
      health: (container, host) =>
        container === 'alfa-first-stage' && host === 'health.alfa.internal' && isNewer() ? 500 : 200,
    },
    code: 'unhealthy',
  },
};
let isNewer = () => false;

test.each(Object.entries(broken))(
  '%s leaves the copy as it was before',
  async (_, { stage, masking, code }) => {
    isNewer = () => false;
    const world = await refreshable({ stage });
    isNewer = () => world.state().image === 'sha256:2';
    const maskingSql = masking === undefined ? {} : { maskingSql: await world.sealed(masking) };
    expect(await world.send(world.copying({ confirm: true, ...maskingSql }))).toBe(code);
    expect(world.state()).toEqual(before);
    isNewer = () => false;
    expect(await world.send(world.copying({ confirm: true }))).toBe('ok');
    expect(world.state().image).toBe('sha256:2');
  },
);

test('a refreshment that fails while the server of its source is away leaves the copy as it was, and nothing over', async () => {
  let during: string | null = null;
  const world = await refreshable({
    rig: {
      observer: async ({ operationId, step, phase }) => {
        if (operationId !== during || step !== 'mask' || phase !== 'failed') return;
        world.production.engine.outage = new CloudServerError(
          'transient',
          'docker_unreachable',
          message`away`,
        );
      },
    },
  });
  const command = world.copying({ confirm: true, maskingSql: await world.sealed('REFUSED') });
  during = operationIdOf(command);
  await world.rig.send(command);
  expect(world.state()).toEqual(before);
  expect((await world.rig.eventsOf(operationIdOf(command))).at(-1)).toMatchObject({
    type: 'OperationFailed',
    data: { cause: { code: 'masking_failed' }, leftovers: [] },
  });
});
