import { message, operationOf, streams, type ClientEvent, type OperationKind } from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import { clientDecider, type ActiveClient } from '../../domain/client.ts';
import { loadClientOnServer, type ClientOnServer } from '../../on-server/client-on-server.ts';
import { final, transient } from '../../on-server/failures.ts';
import type { WantedImage } from '../../resources/container/client-container.ts';
import type { OperationsDeps } from '../common/module.ts';

type Deps = Pick<OperationsDeps, 'store' | 'vault' | 'cloudServers'>;

/** What a copy is made from. */
export interface Source {
  client: ClientOnServer;
  /** What it ran from when the copy was begun: another image may not fit the data that were read. */
  image: WantedImage & { id: string };
  /** Whether it had demo data then. */
  demo: boolean;
}

/** The source of a copy that an operation makes or refreshes. @throws StepFailure final `source_gone` when it was deleted meanwhile */
export const sourceOf = async (
  deps: Deps,
  { client: copy }: Pick<ClientOnServer, 'client'>,
  operationId: string,
): Promise<Source> => {
  const sourceId = copy.sourceClientId;
  if (sourceId === undefined) throw new Error(`Client ${copy.id} is no copy`);
  const { events: own } = await deps.store.read<ClientEvent>(streams.client(copy.id));
  const begun = own.find(({ data }) => 'operationId' in data && data.operationId === operationId);
  if (begun === undefined) throw new Error(`Operation ${operationId} has not begun on client ${copy.id}`);
  const { events } = await deps.store.read<ClientEvent>(streams.client(sourceId));
  if (fold(clientDecider, events).status !== 'active') throw sourceGone(sourceId);
  const then = fold(
    clientDecider,
    events.filter(({ position }) => position < begun.position),
  );
  if (then.status !== 'active') throw sourceGone(sourceId);
  const client = await loadClientOnServer(deps, sourceId);
  return {
    client: withReader(client, operationId),
    image: { reference: then.client.image, id: then.imageId },
    demo: then.demo !== 'absent',
  };
};

/** The client with a container to read its storage by that no other operation uses: the source has none of them for itself. */
export const withReader = (client: ClientOnServer, operationId: string): ClientOnServer => {
  const transferContainer = `${client.names.transferContainer}.${operationId}`;
  return { ...client, names: { ...client.names, transferContainer } };
};

const sourceGone = (id: string) =>
  final('source_gone', message`Client ${id}, the source of the copy, is not there any more`);

/** Whether the client's data may be half changed while an operation of the kind runs. */
const changesData = (kind: OperationKind): boolean => {
  const { meanwhile, afterFailure } = operationOf(kind);
  return meanwhile.container !== 'runs' || afterFailure !== 'nothing';
};

/** The operation during which the client can't be copied; null: there is none. */
export const operationInTheWay = ({ operation }: Pick<ActiveClient, 'operation'>) =>
  operation !== null && changesData(operation.kind) ? operation : null;

/**
 * Reads data of the source. What is read while an operation changes them would be half of one state and half of another: then it is read
 * again. @throws StepFailure transient `source_changing`
 */
export const readSteady = async <T>(
  store: EventStore,
  { client }: Pick<ClientOnServer, 'client'>,
  read: () => Promise<T>,
): Promise<T> => {
  const before = await steadyRevision(store, client.id);
  const result = await read();
  const { events } = await store.read<ClientEvent>(streams.client(client.id));
  for (const { type, data, revision } of events) {
    if (revision <= before || type !== 'ClientOperationBegun' || !changesData(data.kind)) continue;
    throw changing(data.kind);
  }
  return result;
};

const steadyRevision = async (store: EventStore, clientId: string): Promise<bigint> => {
  const { events, revision } = await store.read<ClientEvent>(streams.client(clientId));
  const state = fold(clientDecider, events);
  if (state.status !== 'active' || revision === null) throw sourceGone(clientId);
  const other = operationInTheWay(state);
  if (other !== null) throw changing(other.kind);
  return revision;
};

const changing = (kind: OperationKind) =>
  transient('source_changing', message`Operation ${kind} changes the data of the source meanwhile`);
