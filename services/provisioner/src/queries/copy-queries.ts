import {
  newId,
  streams,
  type ClientEvent,
  type CopyPlanView,
  type Fault,
  type Queries,
} from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { loadServer } from '@alfa-cloud/servers';
import type { Clock } from '@alfa-cloud/service-kit';
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
import { measuredOrFault } from '../operations/moving/measured.ts';
import { obstaclesOfSize, obstaclesOnServers, type Site } from '../operations/moving/obstacles.ts';
import type { PreparationConfig } from '../on-server/preparation.ts';
import type { Transfer } from '../resources/transfer/client-transfer.ts';
import type { ClientQueryDeps } from './client-queries.ts';

export interface CopyQueryDeps extends AdmissionDeps, Pick<ClientQueryDeps, 'vault'> {
  clock: Clock;
  transfer: Transfer;
  preparation: Pick<PreparationConfig, 'freeBytesMin'>;
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
    const { measured, faults } = await onServers(deps, asked, role.length === 0);
    return {
      result: {
        serverId: asked.targetServer,
        slug,
        image: source.client.image,
        replaces: there === null ? null : await standing(deps, there.client.id),
        source: measured,
        obstacles: [...faultsOfSource(source), ...target, ...faults],
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

interface OnServers {
  /** Null: it could not be measured, and `faults` say why. */
  measured: CopyPlanView['source'];
  faults: Fault[];
}

/** What the two servers say: the source's alone when copies can't be made on the other one. */
const onServers = async (deps: CopyQueryDeps, asked: Asked, isTarget: boolean): Promise<OnServers> => {
  const operationId = newId();
  const signal = AbortSignal.timeout(measureMs);
  const from = withReader(await loadClientOnServer(deps, asked.clientId), operationId);
  const to = isTarget ? await siteOn(deps, asked.targetServer, from) : null;
  const faults = to === null ? [] : await obstaclesOnServers({ from, to }, signal);
  if (faults.some(({ code }) => code === 'server_unreachable')) return { measured: null, faults };
  const found = await measuredOrFault(deps.transfer, from, { operationId, signal });
  if ('fault' in found) return { measured: null, faults: [...faults, found.fault] };
  const { databaseBytes, storageBytes, files } = found;
  const ofSize =
    to === null ? [] : await obstaclesOfSize({ to }, found, deps.preparation.freeBytesMin, signal);
  return { measured: { databaseBytes, storageBytes, files }, faults: [...faults, ...ofSize] };
};

/** Where the copy is or would be. */
const siteOn = async (
  { store, cloudServers }: CopyQueryDeps,
  serverId: string,
  { redact }: Site,
): Promise<Site | null> => {
  const { state } = await loadServer(store, serverId);
  return state.status === 'absent' || state.status === 'removed'
    ? null
    : { cloud: cloudServers.of(state.server), server: state.server, redact };
};
