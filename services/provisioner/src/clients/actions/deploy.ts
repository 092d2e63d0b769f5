import type { ClientAction, ClientData, Outcome } from '../client-operation.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { PageDeps } from '../page.ts';
import { replacedContainer, replaceSteps } from '../replace/replace-container.ts';
import type { ReplaceSettings } from '../replace/replacement.ts';

export interface DeployData extends ClientData {
  /** Replace the container also when its configuration has not changed. Default false. */
  force?: boolean;
}

/**
 * Makes the client's configuration anew, and replaces its container when that differs from the one it was made by. The virtual host of a
 * client whose container is not replaced is the business of the operation that deploys to the whole server.
 */
export const deploy = (pages: PageDeps, settings: ReplaceSettings): ClientAction<DeployData> => ({
  kind: 'client.deploy',
  steps: ({ data: { force = false }, operationId }) =>
    replaceSteps(pages, settings, {
      operationId,
      imageOf: ({ client }) => client.image,
      always: force,
      vhostAnyway: false,
    }),
  outcome: (client, { operationId }) => replaced(client, operationId),
});

/** The end of an operation that may have replaced the container by one of the same image. */
export const replaced = async (client: ClientOnServer, operationId: string): Promise<Outcome> => {
  const container = await replacedContainer(client, operationId);
  if (container === null) return { fact: null, result: { replaced: false } };
  const { imageId } = container;
  return {
    fact: { type: 'ClientContainerReplaced', data: { image: client.client.image, imageId } },
    result: { replaced: true, imageId },
  };
};
