import { newId, streams, type BackupView, type ClientEvent } from '@alfa-cloud/contracts';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { backupIdOf } from '../src/operations/steps/backup.ts';
import { fakeLaboratory, type FakeLaboratoryOptions } from './fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig } from './rig.ts';

/** A client on each of two servers, and a backup of the first one's. */
export const backupElsewhere = async (options: FakeLaboratoryOptions = {}) => {
  const clouds = new Map<string, CloudServer>();
  const [here, there] = [fakeLaboratory(), fakeLaboratory(options)];
  const views: BackupView[] = [];
  const readModels: QueryHandlers = {
    ListBackups: async ({ backupId }) => {
      const items = views.filter(({ id }) => id === backupId);
      return { result: { items, total: items.length } };
    },
  };
  const common = { cloudOf: (serverId: string) => clouds.get(serverId) ?? here, readModels };
  const rig = await startRig({ cloud: here, creation: inNoTime, ...common });
  const register = async (cloud: CloudServer, name: string, domain: string) => {
    const registration = rig.registration({ name, domain });
    clouds.set(registration.data.serverId, cloud);
    await rig.succeed(registration);
    return registration.data.serverId;
  };
  const home = await register(here, 'Home', 'home.test');
  there.engine.info.engineId = 'ANOTHER';
  const away = await register(there, 'Away', 'away.test');
  const create = async (serverId: string, slug: string) => {
    const creation = await rig.creation(serverId, { clientId: newId(), slug });
    await rig.succeed(creation);
    return creation.data.clientId;
  };
  const [owner, other] = [await create(home, 'first'), await create(away, 'second')];
  here.database.content.set('alfa_first', 'data');
  here.storage.set('alfa-first-storage', 'files');
  const backUp = commandOf('BackUpClient', { clientId: owner, kind: 'manual' });
  await rig.succeed(backUp);
  const backupId = backupIdOf(operationIdOf(backUp));
  views.push({ id: backupId, clientId: owner } as BackupView);
  const restoration = () => commandOf('RestoreClient', { clientId: other, backupId, confirm: true });
  const endOf = async () => {
    const restore = restoration();
    await rig.send(restore);
    return (await rig.eventsOf(operationIdOf(restore))).at(-1);
  };
  const moves = async () =>
    (await rig.store.read<ClientEvent>(streams.client(owner))).events.flatMap(({ type, data }) =>
      type === 'ClientBackupMoved' ? [data] : [],
    );
  const directory = `backups/${owner}/${backupId}`;
  return {
    rig,
    common,
    here,
    there,
    home,
    away,
    owner,
    other,
    backupId,
    restoration,
    endOf,
    moves,
    directory,
  };
};
