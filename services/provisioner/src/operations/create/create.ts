import { createClient, message } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { inOrder, type Begun, type StepsOf, type StepWork } from '@alfa-cloud/operations';
import { holderOf } from '../../domain/reservations.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { final } from '../../on-server/failures.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';
import { onClient } from '../common/on-client.ts';
import { demoFillStep, migrateStep, ownerStep } from '../steps/commands.ts';
import { clientContainer } from '../../resources/container/client-container.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';
import { clientDirectory } from '../../resources/directory/client-directory.ts';
import { clientNetwork } from '../../resources/network/client-network.ts';
import { volume } from '../../resources/volume/volume.ts';
import { awaitSteadyRun } from '../steps/container-watch.ts';
import { healthyStep } from '../steps/healthy.ts';
import { imageStep } from '../steps/image.ts';
import { reachableStep } from '../steps/reachable.ts';
import { resourceStep } from '../steps/resource-step.ts';
import { newSettingsStep } from '../steps/settings.ts';
import { newVhostStep } from '../steps/vhost.ts';
import { concludeCreation, endFailedCreation } from './conclude-creation.ts';
import { requestedClient } from './request-creation.ts';

/** Makes a client and all that is its own; a failure takes back what was made and gives its slug back. */
export const create: OperationModule<typeof createClient> = {
  operation: createClient,
  implement: (deps) => ({
    operation: createClient,
    async begin(execution): Promise<Begun<ClientOnServer>> {
      const { state } = await requestedClient(deps, execution);
      const onServer = onClient(deps, state);
      return {
        ...onServer,
        ids: { ...onServer.ids, serverId: onServer.servers[0] ?? '' },
        steps: inOrder(createClient, stepsOf(deps)),
        conclude: (client, end) => concludeCreation(deps, client, end, execution.cause),
      };
    },
    async afterwards({ data: { clientId }, cause }, end) {
      // One that was given up has not concluded.
      if (end.status !== 'ok') await endFailedCreation(deps, clientId, end, cause);
      deps.onCreated();
    },
  }),
};

const stepsOf = (deps: OperationsDeps): StepsOf<typeof createClient, ClientOnServer> => {
  const { store, config } = deps;
  return {
    reserve: reserveStep(store),
    image: imageStep(deps, ({ client }) => ({ reference: client.image })),
    config: resourceStep({ resource: clientDirectory }),
    database: databaseStep,
    volume: resourceStep({ resource: ({ cloud, names, origin }) => volume(cloud, names.volume, origin) }),
    network: resourceStep({ resource: (client) => clientNetwork(client, config.network) }),
    container: resourceStep({
      resource: (client) => clientContainer(client, config),
      verify: (client, { signal }) => awaitSteadyRun(client, config.steadyMs, signal),
    }),
    healthy: healthyStep(config),
    migrate: migrateStep(config),
    owner: ownerStep(config, ({ secrets }) => secrets.ownerPassword),
    demo: demoFillStep(config, ({ client }) => !client.demo),
    settings: newSettingsStep(deps),
    vhost: newVhostStep(deps),
    reachable: reachableStep(config),
  };
};

/**
 * Checks that the client still holds its slug, which was reserved before the creation was accepted: nothing may be made under a name of
 * somebody else.
 */
export const reserveStep = (store: EventStore): StepWork<ClientOnServer> => ({
  deadlineMs: 90_000,
  async act({ client, server }) {
    const holder = await holderOf(store, { scope: 'slug', name: client.slug });
    if (holder !== client.id)
      throw final('slug_lost', message`The slug ${client.slug} is not held by this client`);
    const why = client.placement === undefined ? '' : `. ${client.placement.reason}`;
    return `Slug ${client.slug} is reserved, and a place on server ${server.name}${why}`;
  },
});

/** A database and an account of the client's own. */
export const databaseStep: StepWork<ClientOnServer> = resourceStep({
  resource: clientDatabase,
  async verify(client, { signal }) {
    const { database, accounts } = await clientDatabase(client).inspect({ signal });
    if (database === 'own' && accounts > 0) return;
    throw final(
      'database_missing',
      message`Database ${client.names.database} is not there after it was made`,
    );
  },
});
