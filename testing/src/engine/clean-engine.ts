import type Docker from 'dockerode';

import { rigImages } from '../../images/ensure-images.ts';

const kept = new Set<string>(Object.values(rigImages));
const isKept = (tag: string) =>
  kept.has(tag) || tag.startsWith('alfa/root-') || tag.startsWith('alfa/debian:');

/** Leaves nothing in an engine but the rig's own images. */
export async function cleanEngine(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks();
  for (const { Id, Name } of networks) {
    if (!['bridge', 'host', 'none'].includes(Name)) await docker.getNetwork(Id).remove();
  }
  const { Volumes } = await docker.listVolumes();
  for (const { Name } of Volumes ?? []) await docker.getVolume(Name).remove({ force: true });
  for (const { RepoTags } of await docker.listImages()) {
    for (const tag of RepoTags ?? []) {
      if (!isKept(tag) && tag !== '<none>:<none>') await docker.getImage(tag).remove({ force: true });
    }
  }
  await docker.pruneImages({ filters: { dangling: ['true'] } });
}
