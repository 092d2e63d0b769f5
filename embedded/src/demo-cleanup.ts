import { rm } from 'node:fs/promises';
import Docker from 'dockerode';

/**
 * Removes the containers, volumes, networks and the directory that Alfa Cloud has created for one server on this engine.
 * Resources of another installation on the same engine have another id and are left alone.
 */
export const removeServerContents = async (options: {
  socketPath: string;
  serverRoot: string;
  serverId: string;
}): Promise<void> => {
  const docker = new Docker({ socketPath: options.socketPath, timeout: 60_000 });
  const filters = { label: ['cloud.alfa.managed=true', `cloud.alfa.server=${options.serverId}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id: id }) => docker.getContainer(id).remove({ force: true, v: true })));
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all((volumes ?? []).map(({ Name: name }) => docker.getVolume(name).remove()));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id: id }) => docker.getNetwork(id).remove()));
  await rm(options.serverRoot, { recursive: true, force: true });
};
