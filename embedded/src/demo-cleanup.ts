import { rm } from 'node:fs/promises';
import Docker from 'dockerode';

const managed = { label: ['cloud.alfa.managed=true'] };

/**
 * Removes what the demo's server holds: containers whose configuration lies below `serverRoot`, and the volumes and network that they used.
 * Another installation of Alfa Cloud on the same engine is not touched.
 */
export const removeServerContents = async (socketPath: string, serverRoot: string): Promise<void> => {
  const docker = new Docker({ socketPath, timeout: 60_000 });
  const containers = await docker.listContainers({ all: true, filters: managed });
  const ours = containers.filter(({ Labels: labels }) => labels['cloud.alfa.root'] === serverRoot);
  await Promise.all(ours.map(({ Id: id }) => docker.getContainer(id).remove({ force: true, v: true })));
  const { Volumes: volumes } = await docker.listVolumes({ filters: managed });
  for (const { Name: name, Labels: labels } of volumes ?? []) {
    if (labels?.['cloud.alfa.root'] === serverRoot) await docker.getVolume(name).remove();
  }
  for (const { Id: id, Labels: labels } of await docker.listNetworks({ filters: managed })) {
    if (labels?.['cloud.alfa.root'] === serverRoot) await docker.getNetwork(id).remove();
  }
  await rm(serverRoot, { recursive: true, force: true });
};
