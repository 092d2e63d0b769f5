import { streams, type OperationEvent } from '@alfa-cloud/contracts';
import type { Execution, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { containerGone } from '../../on-server/container-gone.ts';
import { isOfClient } from '../../resources/directory/owned-directory.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientConfig } from '../../on-server/client-config.ts';
import type { PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { closeClient } from '../../resources/virtual-host/closing.ts';
import { reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { servedStep } from './served.ts';

const deadlineMs = 120_000;

/** What the operator has decided. */
const asRecorded = ({ maintenance }: ClientOnServer) => ({ maintenance });

/** What a client stays closed for when the operation fails: a step that could not be taken back. */
interface ClosedFor {
  step: string;
  /** Why it stays closed, and where nothing else says so, what to do. */
  words: string;
}

/** @param step name of the step that changes the data */
export const dataLost = (step: string): ClosedFor => ({ step, words: 'as its data could not be put back' });

/** For an operation whose step `stop` stops the container, and that changes no data where the client lives. */
export const containerStopped: ClosedFor = {
  step: 'stop',
  words: 'as its container could not be started again: reboot it, then turn the maintenance off',
};

/**
 * Puts the maintenance page before the client. When the operation fails the page goes again, but only if the client is what it was:
 * one of which the step named by `closedFor` could not be taken back stays closed, and that is recorded.
 */
export const closeStep = (
  deps: PageDeps,
  config: Pick<ClientConfig, 'reachableMs'>,
  { operationId, cause }: Pick<Execution<unknown>, 'operationId' | 'cause'>,
  closedFor: ClosedFor,
): StepWork<ClientOnServer> => {
  const served = servedStep(config);
  return serverStep({
    deadlineMs: deadlineMs + served.deadlineMs,
    async act(client, { signal }) {
      const { cloud, names } = client;
      // Of a client that is half deleted there is nothing left to close.
      if (!(await isOfClient(cloud, names.ownerFile, client.client.id, { signal }))) {
        return `Directory ${names.directory} is not there: nothing leads to the client`;
      }
      // What is done behind the page needs the container at its end: better known before data are touched.
      if ((await cloud.docker.container(names.container, { signal })) === null) throw containerGone(client);
      await close(deps, client, signal);
      return `${names.host} shows the maintenance page`;
    },
    async verify(client, io) {
      const { cloud, names } = client;
      // What is worked on next must not be changed by visitors.
      if (await isOfClient(cloud, names.ownerFile, client.client.id, io)) await served.act(client, io);
    },
    async compensate(client, io) {
      const { signal } = io;
      const { cloud, names, client: made } = client;
      // Before the server is asked anything: it may be away, and what is not recorded would be opened when it is back.
      if (await isLeftOver(deps, operationId, closedFor.step)) {
        const fact = { type: 'ClientMaintenanceEnabled', data: { message: null } } as const;
        const command = { type: 'record_fact', operationId, fact } as const;
        await decideOnClient(deps.store, { clientId: made.id, operationId, key: 'closed', cause, command });
        return `${names.host} stays closed, ${closedFor.words}`;
      }
      if (!(await isOfClient(cloud, names.ownerFile, made.id, { signal })))
        return 'Nothing leads to the client';
      await reconcileVirtualHost(deps, client, { desired: asRecorded(client), signal });
      // Who reads that the operation has failed shall find the client open; one that does not answer is none the worse for it.
      await served.act(client, io).catch((error: unknown) => {
        if (errorName(error) !== 'StepFailure') throw error;
      });
      return `${names.host} shows what it did before`;
    },
  });
};

/** Takes the page away again, unless the operator wants one. */
export const openStep = (deps: PageDeps): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs,
    async act(client, { signal }) {
      await reconcileVirtualHost(deps, client, { desired: asRecorded(client), signal });
      return client.maintenance === null
        ? `${client.names.host} leads to the client`
        : `${client.names.host} keeps the maintenance page that was there before`;
    },
    async compensate(client, { signal }) {
      await close(deps, client, signal);
      return `${client.names.host} shows the maintenance page again`;
    },
  });

/** A virtual host that an older version has made does not know yet that a client can be closed. */
const close = async (deps: PageDeps, client: ClientOnServer, signal: AbortSignal): Promise<void> => {
  await reconcileVirtualHost(deps, client, { signal });
  await closeClient(client, { signal });
};

/** True when a step could not be taken back. */
const isLeftOver = async (
  { store }: Pick<PageDeps, 'store'>,
  operationId: string,
  step: string,
): Promise<boolean> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  return events.some(
    ({ type, data }) =>
      type === 'OperationStepCompensationFailed' && data.step === step && data.retryInMs === null,
  );
};
