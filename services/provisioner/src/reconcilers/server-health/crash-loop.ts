import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { finding, type Finding } from './finding.ts';

/** A command found no running container, though it ran when it was looked at a moment before. */
export const isNotRunning = (error: unknown): boolean =>
  isCloudServerError(error) && error.code === 'not_running';

/** Docker starts the container and it ends, so that it is seen running now and then. */
export const endsAgainAndAgain = (name: string): Finding =>
  finding('container_not_running', name, `Container ${name} ends whenever it is started`, { isDown: true });
