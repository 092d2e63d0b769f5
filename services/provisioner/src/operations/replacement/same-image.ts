import type { Execution } from '@alfa-cloud/operations';
import type { ClientFact } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Outcome } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';
import { recordedImage } from '../../resources/container/client-container.ts';
import { replaceSteps } from './replace-container.ts';
import type { Replacement } from './replacement.ts';

/** Replaces the container, if it has to be, by one of the same image. The fact is recorded as soon as there is no way back. */
export const bySameImage = <Data>(
  deps: OperationsDeps,
  optionsOf: (data: Data) => Pick<Replacement, 'always' | 'vhostAnyway'>,
) => ({
  steps: ({ operationId, cause, data }: Execution<Data>) => {
    const options = optionsOf(data);
    return replaceSteps(deps, { operationId, cause, ...options, imageOf: recordedImage, fact: replaceFact });
  },
  outcome: (client: ClientOnServer, execution: Execution<Data>) => replaced(deps, client, execution),
});

const replaceFact = ({ client }: ClientOnServer, imageId: string): ClientFact => ({
  type: 'ClientContainerReplaced',
  data: { image: client.image, imageId },
});

const replaced = async (
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
