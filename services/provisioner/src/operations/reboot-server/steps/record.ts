import { deriveId, message, streams } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import { ownCause, type StepWork } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { Semaphore } from '@alfa-cloud/service-kit';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { type CloudServers, label, serverDecider, serverStep } from '@alfa-cloud/servers';
import { loadClient } from '../../../domain/load.ts';
import { loadClientOnServer } from '../../../on-server/client-on-server.ts';
import { transient } from '../../../on-server/failures.ts';
import type { Preparation } from '../../../on-server/preparation.ts';
import { containerInService } from '../../steps/container-watch.ts';
import { healthOf } from '../../steps/healthy.ts';
import { findDrained } from '../../../on-server/drained.ts';

export interface ClientsDeps {
  store: EventStore;
  vault: Vault;
  cloudServers: CloudServers;
}

const recordMs = 300_000;
/** Clients asked at the same time. */
export const askedAtOnce = 8;

/** Records the boot id and the clients that answer: what the end of the reboot is measured by. Once recorded, it stays. */
export const recordStep = (deps: ClientsDeps): StepWork<Preparation> =>
  serverStep({
    cancellable: true,
    deadlineMs: recordMs,
    async act({ server, cloud }, { operationId, output, signal }) {
      const before = await findDrained(deps.store, server.id, operationId);
      if (before !== null) return `Recorded before: clients ${before.clients.length}`;
      const { bootId } = await cloud.measure({ signal });
      if (bootId === null) {
        throw transient(
          'boot_id_unknown',
          message`The server did not tell its boot id, so it was not rebooted`,
        );
      }
      const running = await clientsThatRun(deps, { server, cloud }, signal);
      const answering = await clientsThatAnswer(deps, running, output, signal);
      await handleCommand(deps.store, {
        stream: streams.server(server.id),
        decider: serverDecider,
        command: { type: 'record_drained', operationId, bootId, clients: answering },
        cause: ownCause(),
        eventIds: (index) => deriveId(operationId, 'drained', index),
      });
      return `Boot id ${bootId}; clients that answer: ${answering.length}`;
    },
  });

/** Clients in use whose container runs, as the server itself tells. */
const clientsThatRun = async (
  { store }: ClientsDeps,
  { server, cloud }: Pick<Preparation, 'server' | 'cloud'>,
  signal: AbortSignal,
): Promise<string[]> => {
  const containers = await cloud.docker.listContainers({ signal });
  const labelled = containers.flatMap(({ status, labels }) => {
    const clientId = labels[label.client];
    return status === 'running' && clientId !== undefined ? [clientId] : [];
  });
  const running: string[] = [];
  for (const clientId of new Set(labelled)) {
    const { state } = await loadClient(store, clientId);
    if (state.status === 'active' && state.client.serverId === server.id) running.push(clientId);
  }
  return running;
};

/** A client that did not answer before the reboot can't be expected to do so after it. */
const clientsThatAnswer = async (
  deps: ClientsDeps,
  clientIds: readonly string[],
  output: (text: string) => void,
  signal: AbortSignal,
): Promise<string[]> => {
  const slots = new Semaphore(askedAtOnce);
  const answered = await Promise.all(
    clientIds.map((clientId) =>
      slots.run(async () => {
        const client = await loadClientOnServer(deps, clientId);
        const answers = await healthOf(client, containerInService(client), signal).catch((error: unknown) => {
          if (isCloudServerError(error)) return null;
          throw error;
        });
        if (answers === 200) return [clientId];
        output(`${client.client.slug} does not answer now and is not waited for afterwards\n`);
        return [];
      }, signal),
    ),
  );
  return answered.flat();
};
