import { message } from '@alfa-cloud/contracts';
import type { StepFailure } from '@alfa-cloud/operations';
import type { ClientOnServer } from './client-on-server.ts';
import { final } from './failures.ts';

/** Somebody has removed a container of the client. Nothing that was asked for makes it again, so waiting for it is no use. */
export const containerGone = (
  { names, server, imageId }: ClientOnServer,
  container: string = names.container,
): StepFailure => {
  // One that is only being made ends with the operation that makes it.
  const isInService = container === names.container && imageId !== null;
  return final(
    'container_gone',
    isInService
      ? message`Container ${container} is not on the server: a deployment (/clients/deploy?serverId=${server.id}) makes it anew`
      : message`Container ${container} was removed by somebody`,
  );
};
