import { isCloudServerError } from '@alfa-cloud/cloud-server';
import {
  newId,
  streams,
  type ClientEvent,
  type CopyPlanView,
  type Fault,
  type Queries,
} from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { errorName, type Clock } from '@alfa-cloud/service-kit';
import type { ActiveClient } from '../domain/client.ts';
import { loadClient } from '../domain/load.ts';
import { operationInProgress } from '../domain/operation-in-progress.ts';
import { loadClientOnServer } from '../on-server/client-on-server.ts';
import {
  activeSource,
  copyOn,
  faultsOfNewCopy,
  faultsOfRole,
  faultsOfSource,
  slugOfCopy,
  type CopyThere,
} from '../operations/copy/admission.ts';
import { withReader } from '../operations/copy/source.ts';
import type { AdmissionDeps } from '../operations/create/admission.ts';
import type { Transfer } from '../resources/transfer/client-transfer.ts';
import type { ClientQueryDeps } from './client-queries.ts';

export interface CopyQueryDeps extends AdmissionDeps, Pick<ClientQueryDeps, 'vault'> {
  clock: Clock;
  transfer: Transfer;
}

type Asked = Queries['PlanCopy']['request'];

const measureMs = 15_000;

/** What a copy to a stage server would do, without doing it. */
export const copyQueries = (deps: CopyQueryDeps): Pick<QueryHandlers, 'PlanCopy'> => ({
  async PlanCopy(asked) {
    const source = activeSource((await loadClient(deps.store, asked.clientId)).state);
    const there = await copyOn(deps.store, asked);
    const slug = there?.client.slug ?? slugOfCopy(asked, source);
    const role = await faultsOfRole(deps.store, asked);
    const target = role.length > 0 ? role : await faultsOfTarget(deps, asked, { source, there, slug });
    return {
      result: {
        serverId: asked.targetServer,
        slug,
        image: source.client.image,
        replaces: there === null ? null : await standing(deps, there.client.id),
        source: await measured(deps, asked.clientId),
        obstacles: [...faultsOfSource(source), ...target],
      },
    };
  },
});

const faultsOfTarget = async (
  deps: CopyQueryDeps,
  { targetServer: serverId }: Asked,
  { source, there, slug }: { source: ActiveClient; there: CopyThere | null; slug: string },
): Promise<Fault[]> => {
  if (there === null) {
    return faultsOfNewCopy(deps, { copyId: '', slug, source, serverId });
  }
  if (there.status === 'creating') return [operationInProgress(there.client.operationId, 'client.copy')];
  return there.operation === null
    ? []
    : [operationInProgress(there.operation.operationId, there.operation.kind)];
};

const standing = async ({ store }: CopyQueryDeps, clientId: string): Promise<CopyPlanView['replaces']> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const newest = events.findLast(({ type }) => type === 'ClientCreated' || type === 'ClientRefreshed');
  return newest === undefined ? null : { clientId, at: newest.metadata.at };
};

/** Null when the server can't be asked. */
const measured = async (deps: CopyQueryDeps, clientId: string): Promise<CopyPlanView['source']> => {
  const operationId = newId();
  const client = withReader(await loadClientOnServer(deps, clientId), operationId);
  try {
    const io = { signal: AbortSignal.timeout(measureMs), operationId };
    const { databaseBytes, storageBytes, files } = await deps.transfer.measure(client, io);
    return { databaseBytes, storageBytes, files };
  } catch (error) {
    if (isCloudServerError(error) || errorName(error) === 'StepFailure') return null;
    throw error;
  }
};
