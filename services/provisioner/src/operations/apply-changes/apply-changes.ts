import { applyChanges as operation } from '@alfa-cloud/contracts';
import { releaseFormerAliases } from '../../domain/aliases.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { OperationModule } from '../common/module.ts';
import { bySameImage } from '../replacement/same-image.ts';
import { changeClientHandler } from './change-client.ts';

/** Makes recorded attributes of a client true on its server: variables, limits, host names. */
const apply = clientOperation(operation, (deps) => ({
  ...bySameImage(deps, () => ({ always: false, vhostAnyway: true })),
  // Not before the proxy has let go of them: two virtual hosts of one name would leave it to chance which one answers.
  async afterEnd({ data, cause }, status) {
    if (status === 'ok') await releaseFormerAliases(deps.store, data.clientId, cause);
  },
}));

export const applyChanges: OperationModule<typeof operation> = {
  ...apply,
  handlers: (deps) => ({ ChangeClient: changeClientHandler(deps, apply.implement(deps)) }),
};
