import type { Execution } from '@alfa-cloud/operations';
import type { ClientFact } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Outcome } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import { recordedImage } from '../../resources/container/client-container.ts';
import { replaceSteps } from './replace-container.ts';
import type { Replacement } from './replacement.ts';

/** Replaces the container, if it has to be, by one of the same image. */
export const replaceBySameImage = (
  deps: OperationsDeps,
  { operationId, cause }: Execution<unknown>,
  options: Pick<Replacement, 'always' | 'vhostAnyway'>,
) => replaceSteps(deps, { operationId, cause, ...options, imageOf: recordedImage, fact: replaceFact });

const replaceFact = ({ client }: ClientOnServer, imageId: string): ClientFact => ({
  type: 'ClientContainerReplaced',
  data: { image: client.image, imageId },
});

/** What has come of it; the fact is recorded as soon as there is no way back. */
export const replaced = async (
  { store }: Pick<OperationsDeps, 'store'>,
  { client }: ClientOnServer,
  { operationId }: Pick<Execution<unknown>, 'operationId'>,
): Promise<Outcome> => {
  const { state } = await loadClient(store, client.id);
  if (state.status !== 'active' || state.containerOperationId !== operationId) {
    return { fact: null, result: { replaced: false } };
  }
  return { fact: null, result: { replaced: true, imageId: state.imageId } };
};
