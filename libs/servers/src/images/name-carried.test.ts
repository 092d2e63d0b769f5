import { CloudServerError, type DockerEngine } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { nameCarried } from './name-carried.ts';

test.each([
  ['not_found', { kind: 'transient', code: 'not_found' }],
  ['docker_refused', { kind: 'final', code: 'docker_refused' }],
] as const)('an engine that answers %s', async (code, told) => {
  const tagImage = async () => {
    throw new CloudServerError('final', code, message`no`);
  };
  const docker = { tagImage } as unknown as DockerEngine;
  await expect(nameCarried(docker, 'sha256:1', { repository: 'alfa', tag: 'dev' }, {})).rejects.toMatchObject(
    told,
  );
});
