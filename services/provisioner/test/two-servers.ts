import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { ServerView } from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { fakeLaboratory } from './fake-laboratory.ts';
import { inNoTime, startRig, type RigOptions } from './rig.ts';

/** A client's server, and another one from which it can get images. */
export const twoServers = async (more: Partial<RigOptions> = {}) => {
  const cloud = fakeLaboratory();
  const other = fakeLaboratory();
  const ids = { target: '', other: '' };
  const cloudOf = (id: string): CloudServer | undefined => (id === ids.other ? other : undefined);
  const readModels: QueryHandlers = {
    ListServers: async () => ({
      result: { items: Object.values(ids).map((id) => ({ id, status: 'ready' }) as ServerView) },
    }),
  };
  const rig = await startRig({ cloud, cloudOf, readModels, creation: inNoTime, ...more });
  const target = rig.registration({ name: 'Target' });
  ids.target = target.data.serverId;
  await rig.succeed(target);
  const second = rig.registration({ name: 'Other', domain: 'other.test' });
  ids.other = second.data.serverId;
  await rig.succeed(second);
  return { rig, cloud, other, ids, cloudOf, readModels };
};
