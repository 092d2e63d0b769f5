import { copyClient, message, reject, type CommandData } from '@alfa-cloud/contracts';
import {
  executionOf,
  inOrder,
  isOperationUnderWay,
  type Begun,
  type Execution,
  type Implementation,
  type OperationEnd,
  type StepsOf,
} from '@alfa-cloud/operations';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientContainer } from '../../resources/container/client-container.ts';
import { clientDirectory } from '../../resources/directory/client-directory.ts';
import { clientNetwork } from '../../resources/network/client-network.ts';
import { volume } from '../../resources/volume/volume.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';
import { onClient } from '../common/on-client.ts';
import { concludeCreation, endFailedCreation } from '../create/conclude-creation.ts';
import { databaseStep, reserveStep } from '../create/create.ts';
import { applicationStep } from '../steps/application.ts';
import { ownerStep } from '../steps/commands.ts';
import { awaitSteadyRun } from '../steps/container-watch.ts';
import { healthyStep } from '../steps/healthy.ts';
import { reachableStep } from '../steps/reachable.ts';
import { resourceStep } from '../steps/resource-step.ts';
import { newSettingsStep } from '../steps/settings.ts';
import { newVhostStep } from '../steps/vhost.ts';
import { copyOn, unbindCopy } from './admission.ts';
import { recordCopied } from './conclude-copy.ts';
import { refresh } from './refresh.ts';
import { copyIdOf, requestedCopy } from './request-copy.ts';
import { sourceOf } from './source.ts';
import {
  checkStep,
  clearStep,
  databaseOfSourceStep,
  imageStep,
  imageThere,
  maskStep,
  storageOfSourceStep,
} from './steps.ts';

type CopyData = CommandData<'CopyClient'>;
type Copy = Execution<CopyData>;

/** Makes a copy of a client on a stage server, or refreshes the one that is there. */
export const copy: OperationModule<typeof copyClient> = {
  operation: copyClient,
  implement: (deps) => makeCopy(deps),
  handlers: (deps) => ({
    CopyClient: {
      async handle(delivery) {
        const execution = executionOf(delivery);
        const there = await copyToRefresh(deps, execution);
        if (there === null) {
          await deps.execute(makeCopy(deps), execution);
          return;
        }
        const { clientId: sourceClientId, maskingSql } = execution.data;
        const masking = maskingSql === undefined ? {} : { maskingSql };
        const data = { clientId: there, sourceClientId, ...masking };
        await deps.execute(refresh.implement(deps), { ...execution, data });
      },
      isUnderWay: isOperationUnderWay(deps.store),
    },
  }),
};

/** The copy that the command is about to replace; null: it makes one. Answers the same after a crash. */
const copyToRefresh = async (
  { store }: OperationsDeps,
  { data, operationId }: Copy,
): Promise<string | null> => {
  const own = await loadClient(store, copyIdOf(operationId));
  if (own.state.status !== 'absent') return null;
  const there = await copyOn(store, data);
  if (there === null) return null;
  const { id, slug } = there.client;
  const meta = { clientId: id, slug };
  if (data.slug !== undefined && data.slug !== slug) {
    const detail = message`The copy of this client on the server has the slug "${slug}", which can't be changed`;
    throw reject('validation_failed', detail, { parameter: 'slug', meta });
  }
  if (data.ownerPassword !== undefined) {
    const detail = message`The copy is there already: its owner's password is set by POST /clients/owner_password`;
    throw reject('set_elsewhere', detail, { pointer: '/data/attributes/ownerPassword', meta });
  }
  if (data.confirm !== true) {
    const detail = message`Copy "${slug}" is on the server already. All that was entered there will be lost, its accounts and passwords included. Send confirm=true if that is meant`;
    throw reject('confirmation_required', detail, { parameter: 'confirm', meta });
  }
  return id;
};

const makeCopy = (deps: OperationsDeps): Implementation<CopyData, typeof copyClient> => ({
  operation: copyClient,
  async begin(execution): Promise<Begun<ClientOnServer>> {
    const { state } = await requestedCopy(deps, execution);
    const { clientId: sourceClientId, targetServer, maskingSql } = execution.data;
    return {
      ...onClient(deps, state),
      parameters: { sourceClientId, targetServer, masked: maskingSql !== undefined },
      steps: inOrder(copyClient, stepsOf(deps, execution)),
      conclude: (client, end) => conclude(deps, client, end, execution),
    };
  },
  async afterwards({ data, operationId, cause }, end) {
    const copyId = copyIdOf(operationId);
    // One that was given up has not concluded.
    if (end.status !== 'ok') {
      await endFailedCreation(deps, copyId, end, cause);
      await unbindCopy(deps.store, data, copyId, cause);
    }
    deps.onCreated();
  },
});

const stepsOf = (deps: OperationsDeps, execution: Copy): StepsOf<typeof copyClient, ClientOnServer> => {
  const { store, config } = deps;
  const { operationId, data } = execution;
  return {
    reserve: reserveStep(store),
    check: checkStep(deps, execution),
    image: imageStep(deps, execution),
    config: resourceStep({ resource: clientDirectory }),
    database: databaseStep,
    volume: resourceStep({ resource: ({ cloud, names, origin }) => volume(cloud, names.volume, origin) }),
    network: resourceStep({ resource: (client) => clientNetwork(client, config.network) }),
    source: databaseOfSourceStep(deps, execution),
    storage: storageOfSourceStep(deps, execution),
    clear: clearStep(deps),
    mask: maskStep(deps, data.maskingSql),
    container: {
      ...resourceStep<ClientOnServer>({ resource: (client) => clientContainer(client, config) }),
      async act(client, { signal }) {
        const { image } = await sourceOf(deps, client, operationId);
        const there = await imageThere(client, image, signal);
        return clientContainer(client, config, there).ensure({ signal });
      },
      verify: (client, { signal }) => awaitSteadyRun(client, config.steadyMs, signal),
    },
    healthy: healthyStep(config),
    owner: ownerStep(config, ({ secrets }) => secrets.ownerPassword),
    application: applicationStep(config),
    settings: newSettingsStep(deps),
    vhost: newVhostStep(deps),
    reachable: reachableStep(config),
  };
};

const conclude = async (
  deps: OperationsDeps,
  client: ClientOnServer,
  end: OperationEnd,
  { data, operationId, cause }: Copy,
): Promise<Record<string, unknown>> => {
  const result = await concludeCreation(deps, client, end, cause);
  if (end.status !== 'ok') return result;
  await recordCopied(deps.store, client, { operationId, again: false, cause });
  return { ...result, sourceClientId: data.clientId };
};
