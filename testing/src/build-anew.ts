import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';

/** Moves the name to a new image that equals another one, as a build does. @returns the new image's id */
export async function buildAnew(
  docker: Docker,
  name: { repository: string; tag: string },
  from: string,
): Promise<string> {
  const container = await docker.createContainer({ Image: from });
  try {
    const changes = `LABEL build=${randomUUID()}`;
    await container.commit({ repo: name.repository, tag: name.tag, changes });
  } finally {
    await container.remove();
  }
  return (await docker.getImage(`${name.repository}:${name.tag}`).inspect()).Id;
}
