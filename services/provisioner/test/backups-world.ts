import { expect } from '@jest/globals';
import {
  newId,
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type CommandName,
} from '@alfa-cloud/contracts';
import { backupIdOf } from '../src/operations/steps/backup.ts';
import { inventory } from '../src/resources/inventory.ts';
import { fakeLaboratory, type FakeLaboratoryOptions } from './fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig } from './rig.ts';

/** One client on a server in memory, and what is done with its backups. `send` answers `ok`, or the code of what went wrong. */
export const world = async (options: FakeLaboratoryOptions = {}) => {
  const cloud = fakeLaboratory(options);
  const rig = await startRig({ cloud, creation: inNoTime });
  const registration = rig.registration();
  const { serverId } = registration.data;
  await rig.send(registration);
  const empty = await inventory(cloud);
  const create = async (): Promise<string> => {
    const creation = await rig.creation(serverId, { clientId: newId() });
    await rig.send(creation);
    return creation.data.clientId;
  };
  const clientId = await create();
  cloud.database.content.set('alfa_first', 'data');
  cloud.storage.set('alfa-first-storage', 'files');
  const send = async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
    const { reply } = await rig.send(command);
    if (reply?.outcome === 'rejected') return reply.faults.map(({ code }) => code);
    const end = (await rig.eventsOf(operationIdOf(command))).at(-1);
    if (end?.type === 'OperationSucceeded') return 'ok';
    return end?.type === 'OperationFailed' ? end.data.cause.code : end?.type;
  };
  const stateOf = async (id: string) => (await rig.store.read<ClientEvent>(streams.client(id))).events;
  return {
    rig,
    cloud,
    empty,
    create,
    clientId,
    send,
    stateOf,
    page: () => cloud.pageOf('first.lab.test')?.status ?? null,
    backUp: async (id = clientId) => {
      const command = commandOf('BackUpClient', { clientId: id, kind: 'manual' });
      expect(await send(command)).toBe('ok');
      return backupIdOf(operationIdOf(command));
    },
  };
};
