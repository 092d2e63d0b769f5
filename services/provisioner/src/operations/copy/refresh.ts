import { refreshCopy, Rejection, type DataOf } from '@alfa-cloud/contracts';
import type { Execution, Implementation, StepWork } from '@alfa-cloud/operations';
import { imageInWords, serverStep } from '@alfa-cloud/servers';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { refuseWhileRebooting } from '../../on-server/while-rebooting.ts';
import { notBack } from '../../resources/backup/warnings.ts';
import { putBack } from '../../resources/backup/put-back.ts';
import { recordedBackup } from '../../resources/backup/recorded-backup.ts';
import { planOfClient, recordedImage, type WantedImage } from '../../resources/container/client-container.ts';
import { container } from '../../resources/container/container.ts';
import { clientOperation } from '../common/client-operation.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';
import { applicationStep } from '../steps/application.ts';
import { backupIdOf, backupStep } from '../steps/backup.ts';
import { ownerStep } from '../steps/commands.ts';
import { awaitSteadyRun } from '../steps/container-watch.ts';
import { healthyStep } from '../steps/healthy.ts';
import { closeStep, dataLost, openStep } from '../steps/maintenance.ts';
import { reachableStep } from '../steps/reachable.ts';
import { wholeSettingsStep } from '../steps/settings.ts';
import { activeSource, faultsOfSource } from './admission.ts';
import { recordCopied } from './conclude-copy.ts';
import { sourceOf } from './source.ts';
import {
  checkStep,
  clearStep,
  databaseOfSourceStep,
  endTransfer,
  imageStep,
  imageThere,
  maskStep,
  storageOfSourceStep,
} from './steps.ts';

type Refresh = Execution<DataOf<typeof refreshCopy>>;

/**
 * Makes a copy anew behind its maintenance page, after a backup of what it holds. A failure puts that back. Its attributes, the owner's password
 * among them, stay what they are.
 */
const work = clientOperation(refreshCopy, (deps) => ({
  async admit({ sourceClientId }) {
    const source = activeSource((await loadClient(deps.store, sourceClientId)).state);
    await refuseWhileRebooting(deps.store, source.client.serverId);
    const faults = faultsOfSource(source);
    if (faults.length > 0) throw new Rejection(faults);
  },
  steps: (execution) => ({
    check: checkStep(deps, execution),
    image: {
      ...imageStep(deps, execution),
      // At last: what is at work where the data come from must not keep the copy from holding again what it did.
      compensate: (copy, io) => endTransfer(deps, copy, io),
    },
    page: closeStep(deps, deps.config, execution, dataLost('source')),
    backup: backupStep(deps, execution, { kind: 'restore', withStorage: true }),
    source: sourceStep(deps, execution),
    storage: {
      ...storageOfSourceStep(deps, execution),
      compensate: async () => 'What it has begun ends with the steps before it',
    },
    clear: clearStep(deps),
    mask: maskStep(deps, execution.data.maskingSql),
    container: containerStep(deps, execution),
    healthy: healthyStep(deps.config),
    owner: ownerStep(deps.config, ({ secrets }) => secrets.ownerPassword),
    application: applicationStep(deps.config),
    settings: wholeSettingsStep(deps),
    open: openStep(deps),
    reachable: reachableStep(deps.config),
  }),
  async outcome(client, { data: { sourceClientId }, operationId, cause }) {
    const { image, demo } = await sourceOf(deps, client, operationId);
    await recordCopied(deps.store, client, { operationId, again: true, cause });
    const { imageId } = await imageRunning(client);
    const from = { image: image.reference, imageId };
    return {
      fact: { type: 'ClientRefreshed', data: { sourceClientId, ...from, demo } },
      result: { sourceClientId, ...from, cloud: client.address, backupId: backupIdOf(operationId) },
    };
  },
}));

const imageRunning = async ({ cloud, names }: ClientOnServer) => {
  const found = await cloud.docker.container(names.container);
  if (found === null) throw new Error(`Container ${names.container} has vanished`);
  return found;
};

/** What the data are masked with stays out of the record of what was asked for. */
export const refresh: OperationModule<typeof refreshCopy> & {
  implement(deps: OperationsDeps): Implementation<DataOf<typeof refreshCopy>, typeof refreshCopy>;
} = {
  operation: refreshCopy,
  implement(deps) {
    const implementation = work.implement(deps);
    return {
      ...implementation,
      async begin(execution) {
        const { sourceClientId, maskingSql } = execution.data;
        const parameters = { sourceClientId, masked: maskingSql !== undefined };
        return { ...(await implementation.begin(execution)), parameters };
      },
    };
  },
};

/** The container is stopped from here on, and its data are put back should anything fail later. */
const sourceStep = (deps: OperationsDeps, execution: Refresh): StepWork<ClientOnServer> => {
  const step = databaseOfSourceStep(deps, execution);
  return serverStep({
    ...step,
    async act(copy, io) {
      await copy.cloud.docker.stopContainer(copy.names.container, { signal: io.signal });
      return step.act(copy, io);
    },
    async compensate(copy, io) {
      // What is at work on the copy's own server would write into what is put back.
      await deps.transfer.end(copy, copy, io);
      const before = { clientId: copy.client.id, backupId: backupIdOf(execution.operationId) };
      if ((await recordedBackup(deps.store, before)) === null) return 'Nothing was touched';
      const { warnings } = await putBack(deps, copy, before, execution.operationId, io);
      return `The copy holds what it did before${notBack(warnings)}`;
    },
  });
};

/** The container of the same name and for the same virtual host, from the image that the source ran from. */
const containerStep = (
  deps: OperationsDeps,
  { operationId }: Pick<Refresh, 'operationId'>,
): StepWork<ClientOnServer> => {
  const run = async (copy: ClientOnServer, image: WantedImage, signal: AbortSignal) => {
    const origin = copy.containerOrigin;
    const { plan } = await planOfClient(copy, { image, config: deps.config, origin }, { signal });
    await container(copy.cloud, copy.names.container, origin).ensure(plan, { signal });
    return `Container ${copy.names.container} started from ${imageInWords(image.reference, plan.image)}`;
  };
  return serverStep({
    deadlineMs: 120_000,
    async act(copy, { signal }) {
      const { image } = await sourceOf(deps, copy, operationId);
      return run(copy, await imageThere(copy, image, signal), signal);
    },
    verify: (copy, { signal }) => awaitSteadyRun(copy, deps.config.steadyMs, signal),
    compensate: (copy, { signal }) => run(copy, recordedImage(copy), signal),
  });
};
