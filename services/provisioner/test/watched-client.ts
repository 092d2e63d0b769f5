import { expect } from '@jest/globals';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import {
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type CommandName,
} from '@alfa-cloud/contracts';
import { inventory } from '../src/resources/inventory.ts';
import { fakeLaboratory, type FakeLaboratoryOptions } from './fake-laboratory.ts';
import { inNoTime, operationIdOf, startRig, type RigOptions } from './rig.ts';

export const host = 'first.lab.test';
/** A replacement in no time. */
export const config = {
  storagePath: '/app/storage',
  network: { subnets: '10.213.0.0/16', outside: true },
  ...inNoTime,
};

/** A client on a server that has further images, whose visitors are asked at every effect what they get. */
export const withClient = async (
  options: FakeLaboratoryOptions = {},
  more: Partial<RigOptions> & {
    data?: Partial<CommandData<'CreateClient'>>;
    registration?: Partial<CommandData<'RegisterServer'>>;
  } = {},
) => {
  const cloud = fakeLaboratory(options);
  for (const tag of ['2', 'unhealthy']) {
    const reference = `alfa/client:${tag}`;
    cloud.engine.images.set(reference, { id: `sha256:${reference}`, labels: {}, user: '33:33' });
  }
  const seen = new Set<number>();
  const visit = async () => {
    const vhost = cloud.hosts.get(host);
    if (vhost !== undefined) seen.add((await cloud.get({ port: 8080, host, path: '/' })).status);
  };
  const watched = withEffectHooks(cloud, { before: visit, after: visit });
  const rig = await startRig({ cloud: watched, creation: config, ...more });
  const registration = rig.registration(more.registration);
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId, more.data);
  await rig.send(creation);
  const { clientId } = creation.data;
  const world = await inventory(cloud);
  seen.clear();
  const events = async () => (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
  const endOf = async (command: { id: string }) => (await rig.eventsOf(operationIdOf(command))).at(-1);
  return {
    rig,
    cloud,
    clientId,
    creation,
    world,
    seen,
    serverId: registration.data.serverId,
    events,
    endOf,
    container: () => cloud.engine.containers.get('alfa-first'),
    succeed: async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
      const { reply, error } = await rig.send(command);
      expect({ reply, error }).toMatchObject({ reply: { outcome: 'accepted' }, error: null });
      const end = await endOf(command);
      if (end?.type !== 'OperationSucceeded') throw new Error(await rig.story(operationIdOf(command)));
      return end.data.result;
    },
    fail: async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
      await rig.send(command);
      const end = await endOf(command);
      if (end?.type !== 'OperationFailed') throw new Error(await rig.story(operationIdOf(command)));
      return end.data;
    },
    refusal: async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
      const { reply } = await rig.send(command);
      return reply?.outcome === 'rejected' ? reply.faults : reply?.outcome;
    },
    typesOf: async (command: { id: string }) =>
      (await events()).flatMap(({ type, data }) =>
        'operationId' in data && data.operationId === operationIdOf(command) ? [type] : [],
      ),
  };
};

/** What is new never becomes healthy. */
export const isUnhealthy = { health: (container: string) => (container === 'alfa-first.next' ? 500 : 200) };
