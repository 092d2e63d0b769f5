import type { EventStore } from '@alfa-cloud/event-sourcing';
import { releaseFormerAliases } from '../../domain/aliases.ts';
import type { ClientAction, ClientData } from '../common/client-operation.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { replaceSteps } from '../replacement/replace-container.ts';
import type { ReplaceSettings } from '../replacement/replacement.ts';
import { recordedImage } from '../../resources/container/client-container.ts';
import { replaced, replaceFact } from '../deploy/deploy.ts';

/** Makes recorded attributes of a client true on its server: variables, limits, host names. */
export const applyChanges = (
  store: EventStore,
  pages: PageDeps,
  settings: ReplaceSettings,
): ClientAction<ClientData> => ({
  kind: 'client.apply_changes',
  steps: ({ operationId, cause }) =>
    replaceSteps(pages, settings, {
      operationId,
      cause,
      imageOf: recordedImage,
      always: false,
      vhostAnyway: true,
      fact: replaceFact,
    }),
  outcome: (client, { operationId }) => replaced(pages, client, operationId),
  // Not before the proxy has let go of them: two virtual hosts of one name would leave it to chance which one answers.
  async afterEnd({ data, cause }, status) {
    if (status === 'ok') await releaseFormerAliases(store, data.clientId, cause);
  },
});
