import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { finding, type Finding } from './finding.ts';

/** The container stopped between its inspection and the command in it. */
export const isNotRunning = (error: unknown): boolean =>
  isCloudServerError(error) && error.code === 'not_running';

/** Docker restarts the container whenever it ends, so an inspection may find it running. */
export const endsAgainAndAgain = (name: string): Finding =>
  finding('container_not_running', name, `Container ${name} ends whenever it is started`, { isDown: true });
