import { loadClient } from '../../domain/load.ts';
import type { ClientFact } from '../../domain/client.ts';
import type { ClientAction, ClientData, Outcome } from '../common/client-operation.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { replaceSteps } from '../replacement/replace-container.ts';
import type { ReplaceSettings } from '../replacement/replacement.ts';
import { recordedImage } from '../../resources/container/client-container.ts';

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
  steps: ({ data: { force = false }, operationId, cause }) =>
    replaceSteps(pages, settings, {
      operationId,
      cause,
      imageOf: recordedImage,
      always: force,
      vhostAnyway: false,
      fact: replaceFact,
    }),
  outcome: (client, { operationId }) => replaced(pages, client, operationId),
});

/** The end of an operation that may have replaced the container by one of the same image. */
export const replaced = async (
  { store }: PageDeps,
  { client }: ClientOnServer,
  operationId: string,
): Promise<Outcome> => {
  const { state } = await loadClient(store, client.id);
  if (state.status !== 'active' || state.containerOperationId !== operationId) {
    return { fact: null, result: { replaced: false } };
  }
  return { fact: null, result: { replaced: true, imageId: state.imageId } };
};

/** What is recorded of a container that was replaced by one of the same image. */
export const replaceFact = ({ client }: ClientOnServer, imageId: string): ClientFact => ({
  type: 'ClientContainerReplaced',
  data: { image: client.image, imageId },
});
